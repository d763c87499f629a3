package io.tidemark.ingest.stream;

import java.util.List;

/** Something outside is set up so that ingest-service cannot work; each problem says what to do. Exit code 2. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(List<String> problems) {
        super(String.join("\n", problems));
    }
}
