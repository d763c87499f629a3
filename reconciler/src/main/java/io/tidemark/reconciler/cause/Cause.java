package io.tidemark.reconciler.cause;

import java.util.Locale;

/** Why an entry differs from the database. */
public enum Cause {
    /** Somebody beside the pipeline wrote the key. */
    FOREIGN_WRITE,
    /** Somebody beside the pipeline removed the key or its meta. */
    FOREIGN_DELETE,
    /** Redis removed it to make room. */
    EVICTED,
    /** Its time to live was over, in a cache that is to be kept whole. */
    EXPIRED,
    /** Redis came back with older data. */
    LOST_WITH_REDIS,
    /** The entry's fence is ahead of the stream, so that its changes are refused. */
    REFUSED_AS_OLDER,
    /** The newest change could not be read and lies in the dead letters. */
    DEAD_LETTER,
    /** The row was changed and the stream has no such change. */
    NOT_IN_STREAM,
    /** The pipeline file or the table's columns give another document now. */
    RULE_CHANGED,
    /** What is known tells no cause from another. */
    UNKNOWN;

    /** The name in answers and metrics. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * A cause with what speaks for it.
     *
     * @param evidence in words; holds no value of a row
     */
    public record Found(Cause cause, String evidence) {}

    Found because(String evidence) {
        return new Found(this, evidence);
    }
}
