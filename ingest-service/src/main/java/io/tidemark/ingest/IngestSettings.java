package io.tidemark.ingest;

import java.time.Duration;
import java.util.Map;

/**
 * What ingest-service is told beside the pipeline file.
 *
 * @param waitForTables whether a table or a primary key that is missing is waited for, instead of refused
 * @param mostBytes the largest row, as JSON, that is published with its value; a larger one is read from the database
 * @param tick how often it looks whether the WAL has moved
 * @param watch how often it looks after the slot, the publication and the tables
 * @param progress how often at most it writes how far it has published
 */
public record IngestSettings(boolean waitForTables, int mostBytes, Duration tick, Duration watch, Duration progress) {
    private static final int MEBIBYTE = 1024 * 1024;

    /** Reads the environment; what is not set has its default. */
    public static IngestSettings fromEnvironment(Map<String, String> environment) {
        return new IngestSettings(
                Boolean.parseBoolean(environment.getOrDefault("TIDEMARK_WAIT_FOR_TABLES", "false")),
                megabytes(environment.getOrDefault("TIDEMARK_MOST_ROW_MEGABYTES", "8")) * MEBIBYTE,
                Duration.ofMillis(100),
                Duration.ofSeconds(2),
                Duration.ofMillis(50));
    }

    private static int megabytes(String text) {
        try {
            int megabytes = Integer.parseInt(text.strip());
            if (megabytes >= 1 && megabytes <= 60) {
                return megabytes;
            }
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(wrong(text), notANumber);
        }
        throw new IllegalArgumentException(wrong(text));
    }

    private static String wrong(String text) {
        return "TIDEMARK_MOST_ROW_MEGABYTES: expected a whole number from 1 to 60, found \"" + text + "\"";
    }
}
