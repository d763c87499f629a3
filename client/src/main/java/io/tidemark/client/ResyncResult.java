package io.tidemark.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What became of a resync. Immutable.
 *
 * @param success whether the cache is as the database has it; also true where nothing was due
 * @param outcome {@code resynced}, {@code fresh}, {@code busy} when somebody else does it, or {@code failed}
 * @param count how many entries the database has for the cache
 * @param written how many entries differed or were missing, and were written
 * @param removed how many had no row any more, and went
 * @param error why it failed; null when it did not
 */
public record ResyncResult(
        boolean success,
        String outcome,
        long count,
        long written,
        long removed,
        Duration duration,
        @Nullable String error) {

    static ResyncResult failed(String outcome, String error) {
        return new ResyncResult(false, outcome, 0, 0, 0, Duration.ZERO, error);
    }
}
