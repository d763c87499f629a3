package io.tidemark.client.near;

import java.time.Duration;

/**
 * How copies are kept. Immutable.
 *
 * @param bytes about how much memory keys and values may take; what is asked for least goes
 * @param bound how long ago, at most, a copy that is served was what Redis held; longer without word from Redis, and nothing
 *     is served from memory
 * @param longest how long a copy is served at most, however right it is; for what the invalidation stream does not say: an
 *     entry that Redis evicted or that another program deleted
 */
public record NearSettings(long bytes, Duration bound, Duration longest) {
    private static final Duration SMALLEST_BOUND = Duration.ofMillis(100);

    public NearSettings {
        if (bytes < 1) {
            throw new IllegalArgumentException("expected a size above 0 bytes, found " + bytes);
        }
        if (bound.compareTo(SMALLEST_BOUND) < 0) {
            throw new IllegalArgumentException("expected a bound from " + SMALLEST_BOUND + ", found " + bound);
        }
        if (longest.isNegative() || longest.isZero()) {
            throw new IllegalArgumentException("expected copies to be served for a time above 0, found " + longest);
        }
    }

    /** 64 MB, one second, five minutes. */
    public static NearSettings defaults() {
        return new NearSettings(64 << 20, Duration.ofSeconds(1), Duration.ofMinutes(5));
    }

    public NearSettings withBytes(long newBytes) {
        return new NearSettings(newBytes, bound, longest);
    }

    public NearSettings withBound(Duration newBound) {
        return new NearSettings(bytes, newBound, longest);
    }

    public NearSettings withLongest(Duration newLongest) {
        return new NearSettings(bytes, bound, newLongest);
    }
}
