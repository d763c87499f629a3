package io.tidemark.cachewriter.replay;

/** The names of what a replay counts, as its job shows them. */
public final class Counts {
    public static final String RECORDS = "records";
    /** Older changes of rows whose newer one was read before; only of one that counts. */
    static final String SUPERSEDED = "superseded";

    public static final String REFUSED = "refused_by_fences";
    static final String WOULD_WRITE = "would_write";
    static final String WOULD_DELETE = "would_delete";
    static final String WOULD_READ_AGAIN = "would_read_again";
    static final String WOULD_MARK = "would_mark";
    static final String ALREADY_GONE = "already_gone";
    static final String LONE_TOMBSTONES = "deletes_without_version";
    static final String UNREADABLE = "unreadable";
    public static final String WRITTEN = "written";
    static final String DELETED = "deleted";
    static final String MARKED = "marked";
    static final String ROWS_ASKED = "rows_asked";
    static final String DELETES_DROPPED = "deletes_dropped_by_compaction";
    public static final String ORPHANS_REMOVED = "orphans_removed";
    static final String ROWS_WITHOUT_RECORD = "rows_without_record";

    private Counts() {}
}
