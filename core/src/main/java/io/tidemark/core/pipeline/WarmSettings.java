package io.tidemark.core.pipeline;

/**
 * How a cache is warmed: at the start of cache-writer or when somebody asks for it.
 *
 * @param atStart whether it is warmed whenever cache-writer starts
 * @param limit how many entries at most
 * @param rowsPerSecond how many rows at most in a second, 0 for as fast as it goes
 * @param source where rows come from
 */
public record WarmSettings(boolean atStart, long limit, long rowsPerSecond, Source source) {

    /** How many entries at most where nothing is said. */
    public static final long NO_LIMIT = 1_000_000_000L;

    /** What holds when the file says nothing. */
    public static final WarmSettings DEFAULT = new WarmSettings(false, NO_LIMIT, 0, Source.DATABASE);

    /** Where the rows of a warming, or of a resync, come from. */
    public enum Source {
        /** Read under leases. */
        DATABASE,
        /** The newest record of each row in its table's topic. */
        KAFKA
    }
}
