package io.tidemark.reconciler.canary;

import org.jspecify.annotations.Nullable;

/**
 * How long the canary took of late, from its commit until it could be read in Redis.
 *
 * @param flights how many of the last ones the figures are of
 * @param waitingMillis for how long the present one is under way; 0 when none is
 * @param problem why none can be sent; null when one can
 */
public record CanaryFigures(
        int flights,
        @Nullable Double lastMillis,
        @Nullable Double p50Millis,
        @Nullable Double p99Millis,
        long waitingMillis,
        @Nullable String problem) {}
