package io.tidemark.cachewriter.admin;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The warmings that are under way, in Redis. Thread-safe. Where Redis cannot be reached or refuses, methods throw {@link
 * io.tidemark.cachewriter.entries.EntriesException}.
 */
public interface WarmStore {

    /** What is under way or held back, by cache. */
    Map<String, String> orders();

    /** Keeps an order, whatever is there. */
    void keep(String cache, String order);

    /**
     * Puts an order in the place of another one.
     *
     * @param next null when all is done
     * @return false when there is no such order any more: Redis has lost it, and what was filled with it
     */
    boolean advance(String cache, String from, @Nullable String next);

    /**
     * Takes a cache's warming, or keeps it taken, for so long.
     *
     * @param worker names who takes it
     * @return false while somebody else has it
     */
    boolean hold(String cache, String worker, long millis);

    /** Gives it back, when this worker has it. */
    void letGo(String cache, String worker);
}
