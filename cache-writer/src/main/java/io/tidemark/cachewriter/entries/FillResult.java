package io.tidemark.cachewriter.entries;

/** What became of a fill under a lease. */
public enum FillResult {
    FILLED,
    /** The row is gone, and so is the entry's value now. */
    REMOVED,
    /** A change came in between, or Redis forgot the lease: the change decides. */
    REFUSED
}
