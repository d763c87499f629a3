package io.tidemark.cachewriter.resync;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a cache's resyncs. Immutable.
 *
 * @param lastSync when the last good one ended; null for never
 * @param productCount how many rows it read
 * @param durationMillis how long it took
 * @param written how many entries were not as the database has them, and are now
 * @param removed how many entries had no row
 * @param source where it had its rows from, {@code database} or {@code kafka}; null for never
 * @param error why the last one failed; null when it did not
 * @param failedAt when that was
 * @param running since when one runs; null when none does. It is left behind where one was killed
 */
public record ResyncRecord(
        @Nullable Instant lastSync,
        long productCount,
        long durationMillis,
        long written,
        long removed,
        @Nullable String source,
        @Nullable String error,
        @Nullable Instant failedAt,
        @Nullable Instant running) {

    /** Of a cache that never was. */
    public static final ResyncRecord NEVER = new ResyncRecord(null, 0, 0, 0, 0, null, null, null, null);

    ResyncRecord begun(Instant at) {
        return new ResyncRecord(lastSync, productCount, durationMillis, written, removed, source, error, failedAt, at);
    }

    ResyncRecord failed(String why, Instant at) {
        return new ResyncRecord(lastSync, productCount, durationMillis, written, removed, source, why, at, null);
    }
}
