package io.tidemark.client;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a cache that cache-writer keeps stands. Immutable.
 *
 * @param exists whether Redis holds anything of it
 * @param count how many entries the database has for it
 * @param lastSync when its last good resync ended; null for never
 * @param interval how long after a resync the next is due; null when none is due by time
 * @param needsResync whether a resync is due
 */
public record CacheState(
        String cache,
        boolean exists,
        long count,
        @Nullable Instant lastSync,
        @Nullable Duration interval,
        boolean needsResync) {}
