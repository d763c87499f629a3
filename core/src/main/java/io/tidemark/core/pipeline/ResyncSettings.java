package io.tidemark.core.pipeline;

import io.tidemark.core.pipeline.WarmSettings.Source;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a cache right. Immutable.
 *
 * @param strategy by changes, by time, or both
 * @param interval how long after a resync the next is due; null when there is none by time
 * @param source where a resync has rows from, unless who asks for it says another
 */
public record ResyncSettings(Strategy strategy, @Nullable Duration interval, Source source) {

    /** A cache of which the file says nothing: changes keep it. */
    public static final ResyncSettings BY_CHANGES = new ResyncSettings(Strategy.EVENTS, null, Source.DATABASE);

    /** What brings a cache up to date. */
    public enum Strategy {
        /** Changes at once, and a resync by time as the net. */
        HYBRID,
        /** Changes alone. */
        EVENTS,
        /** A resync by time alone: changes are left to the next one. */
        TIME;

        /** Whether changes reach the cache. */
        public boolean followsChanges() {
            return this != TIME;
        }
    }

    public ResyncSettings {
        if ((strategy == Strategy.EVENTS) != (interval == null)) {
            throw new IllegalArgumentException(
                    "expected an interval unless changes alone keep a cache, found " + strategy + " and " + interval);
        }
        if (strategy == Strategy.TIME && source == Source.KAFKA) {
            throw new IllegalArgumentException("expected the database as the source of a cache that no change reaches");
        }
    }

    /**
     * Whether a resync is due.
     *
     * @param lastSync when the last one ended well; null for never
     */
    public boolean isDue(@Nullable Instant lastSync, Instant now) {
        return lastSync == null || (interval != null && !lastSync.plus(interval).isAfter(now));
    }
}
