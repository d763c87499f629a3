package io.tidemark.cachewriter.entries;

/** What became of a write. */
public enum WriteResult {
    WRITTEN,
    EVICTED,
    /** There was nothing to evict; the fence stands now. */
    ABSENT,
    /** The entry has seen this version or a newer one: nothing to do. */
    OLDER,
    /** The entry's value was read from the database and may be newer than this change: read it again. */
    READ_AGAIN,
    /** Redis could not do it; nothing is known of the entry. */
    FAILED;

    /** Whether the change's effect, or that of a newer one, is in Redis. */
    public boolean isSettled() {
        return this != READ_AGAIN && this != FAILED;
    }
}
