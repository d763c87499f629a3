package io.tidemark.cachewriter.admin;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How often keys were asked for, as clients count it, under names: a client knows no caches and takes the text before a key's first
 * colon. Thread-safe. Where Redis cannot be reached or refuses, methods throw {@link
 * io.tidemark.cachewriter.entries.EntriesException}.
 */
public interface AskedStore {

    /** The keys that were asked for most under a name, most first, with what each counts. */
    Map<String, Double> asked(String name, int most);

    /** Every name under which something is counted. */
    List<String> names();

    /**
     * Takes counts from one name to another; what is counted meanwhile stays where it is. Who reads the first name before the second
     * finds a key under one of them at any moment.
     */
    void move(String from, String to, Map<String, Double> counts);

    /**
     * Lets what was asked before count for less, and forgets what then counts for next to nothing.
     *
     * @param factor by which each count is multiplied
     * @param keep how many keys to keep, those that were asked for most
     */
    void age(String name, double factor, int keep);

    /** Forgets a name. */
    void drop(String name);

    /**
     * Takes the turn to age, which one of all cache-writers has once in a while.
     *
     * @return how many milliseconds have passed since the last turn; empty when it is not time yet or somebody else has it
     */
    OptionalLong turn(long nowMillis, long everyMillis);
}
