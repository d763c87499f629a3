package io.tidemark.cachewriter.invalidations;

import java.time.Duration;
import java.util.List;

/**
 * The invalidation stream in Redis and how far it was put on Kafka. Thread-safe.
 *
 * <p>Where Redis cannot be reached or refuses, methods throw {@link io.tidemark.cachewriter.entries.EntriesException}.
 */
public interface InvalidationStream {

    /** Says how many records are to be kept, about; 0 for no stream, and what there is of it goes. */
    void keep(int length);

    /**
     * Takes what comes next, for the one who puts it on Kafka.
     *
     * @param worker who asks
     * @param atMost for how long nobody else is given anything
     * @param done the place up to which it is on Kafka; empty when this worker has put nothing there yet
     * @param most how many records
     */
    Portion take(String worker, Duration atMost, String done, int most);

    /** Returns when there is something after a place, or after a time. */
    void await(String where, Duration atMost);

    /** Whose turn it is. */
    enum Turn {
        /** This worker's, and no record is missing since the last place. */
        MINE,
        /** This worker's, and records may be missing. */
        MINE_AFTER_A_GAP,
        /** Somebody else's. */
        OTHERS,
        /** Nobody's: no stream is kept. */
        NOBODYS
    }

    /**
     * What was taken.
     *
     * @param where the place after it
     * @param hasMore whether there is more already
     */
    record Portion(Turn turn, String where, boolean hasMore, List<Invalidation> records) {}
}
