package io.tidemark.cachewriter.admin;

import java.util.List;
import java.util.Map;

/**
 * How often entries are asked for, and how long they live. Thread-safe.
 *
 * <p>Where Redis cannot be reached or refuses, methods throw {@link io.tidemark.cachewriter.entries.EntriesException}.
 */
public interface Lives {

    /** How often each key of a cache was asked for, as clients count it: of those that were asked for most. */
    Map<String, Double> asked(String cache, int most);

    /**
     * Lets entries live so long from now on, where they would live shorter; their fences outlive them by as much as ever. An entry
     * that is not there, or lives for ever, stays as it is. Answers how many live longer now.
     */
    int lengthen(List<String> keys, long millis);

    /** Lets entries live so long from now on, where they would live longer; answers how many live shorter now. */
    int shorten(List<String> keys, long millis);
}
