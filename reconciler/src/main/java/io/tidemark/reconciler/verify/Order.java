package io.tidemark.reconciler.verify;

import java.util.List;

/**
 * What to compare, and what to do with what differs.
 *
 * @param caches which caches
 * @param mode what to do
 * @param batchSize how many rows to read at once at most, fewer where they are large; 0 for a bound of its own; at most
 *     {@value #LARGEST_BATCH}
 * @param mostRows how many rows of each cache to look at, 0 for all
 * @param rowsPerSecond how many rows or keys to read a second at most, from PostgreSQL and from Redis each; 0 for as many as
 *     it goes
 * @param verbose whether many examples are kept
 */
public record Order(
        List<Subject> caches, Mode mode, int batchSize, long mostRows, long rowsPerSecond, boolean verbose) {
    public static final int LARGEST_BATCH = 10_000;

    /** What is done with an entry. */
    public enum Mode {
        /** Nothing: only look. */
        CHECK,
        /** What differs is repaired. */
        REPAIR,
        /** Everything that is looked at is read from the database again. */
        FORCE
    }

    public Order {
        caches = List.copyOf(caches);
    }

    /** Compares whole caches, as fast as it goes. */
    public static Order check(List<Subject> caches) {
        return new Order(caches, Mode.CHECK, 0, 0, 0, false);
    }
}
