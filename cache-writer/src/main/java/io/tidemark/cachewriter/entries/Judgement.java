package io.tidemark.cachewriter.entries;

/** What would become of a write. */
public enum Judgement {
    /** The entry has seen this version or a newer one: the fence refuses it. */
    OLDER,
    /** The entry's value was read from the database and may be newer: the row would be read again. */
    READ_AGAIN,
    /** The entry has seen older versions only. */
    NEW,
    /** Redis knows of no version of the entry. */
    FIRST,
    /** An evict of what is not there. */
    GONE
}
