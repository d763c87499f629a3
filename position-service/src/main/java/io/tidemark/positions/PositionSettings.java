package io.tidemark.positions;

import io.tidemark.core.access.AccessTokens;
import io.tidemark.core.access.Role;
import io.tidemark.positions.position.PageEstimate;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;

/**
 * What the environment says of positions. Immutable.
 *
 * @param environment the environment's variables
 * @param data the folder of this service's own files
 * @param pages how pages are worked out
 */
public record PositionSettings(Map<String, String> environment, Path data, PageEstimate pages) {
    /** The variable that names the folder of the service's own files; {@code data} in the working directory without it. */
    public static final String DATA_VARIABLE = "TIDEMARK_POSITIONS_DATA";

    /** What the variables begin with that name tokens. */
    public static final String TOKEN_PREFIX = "TIDEMARK_POSITIONS";

    private static final String PER_PAGE = "TIDEMARK_POSITIONS_PER_PAGE";
    private static final String SAFETY_MARGIN = "TIDEMARK_POSITIONS_SAFETY_MARGIN";

    public PositionSettings {
        environment = Map.copyOf(environment);
    }

    /** @throws IllegalArgumentException when a number is none or out of its range, with the variable's name */
    public static PositionSettings of(Map<String, String> environment) {
        PageEstimate usual = PageEstimate.usual();
        return new PositionSettings(
                environment,
                Path.of(environment.getOrDefault(DATA_VARIABLE, "data")),
                new PageEstimate(
                        number(environment, PER_PAGE, usual.perPage(), 1, 1_000),
                        number(environment, SAFETY_MARGIN, usual.safetyMargin(), 0, 100_000)));
    }

    /** Where the JSON snapshot lies, with its history. */
    public Path snapshots() {
        return data.resolve("sync-positions");
    }

    /** Where the snapshot's key lies: not beside what it seals. */
    public Path sealKey() {
        return data.resolve("position-service").resolve("snapshot.key");
    }

    /**
     * The tokens that let people in.
     *
     * @throws IllegalArgumentException when one cannot be used, with the variable's name
     */
    AccessTokens tokens() {
        return AccessTokens.of(environment, TOKEN_PREFIX, EnumSet.allOf(Role.class), madeToken());
    }

    /** Where the health of the last hour lies between two runs. */
    public Path healthHistory() {
        return data.resolve("position-service").resolve("health-history");
    }

    /** Where the history of consumer groups' lag lies between two runs. */
    public Path lagHistory() {
        return data.resolve("position-service").resolve("lag-history");
    }

    /** Where the admin's token lies when none is configured. */
    public Path madeToken() {
        return data.resolve("position-service").resolve("admin.token");
    }

    private static int number(Map<String, String> environment, String variable, int usual, int least, int most) {
        String text = environment.get(variable);
        if (text == null || text.isBlank()) {
            return usual;
        }
        if (text.matches("\\d{1,9}") && Integer.parseInt(text) >= least && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException(
                "expected " + variable + " to be a number from " + least + " to " + most + ", found \"" + text + "\"");
    }
}
