package io.tidemark.reconciler.verify;

import io.tidemark.core.document.Format;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is to be said of one entry after a second look: the entry was read, then its row, then the changes up to that read
 * were waited for, then the entry was read again.
 *
 * <p>An entry that was not written between its two reads held the effect of exactly the changes that the row's read saw:
 * all of those are applied by the second, and what the first already held was visible before the row was read, as
 * nothing is published before it is visible. So a difference is then drift, however busy the table is.
 */
public enum Verdict {
    /** Entry and row are the same. */
    CONSISTENT,
    /** The entry is not what the row is. */
    STALE,
    /** The row has no entry, and its cache is kept whole. */
    MISSING,
    /** The entry has no row. */
    ORPHANED,
    /** The row has no entry, and need not have one: its cache has a ttl. */
    NOT_KEPT,
    /** Neither row nor entry. */
    GONE,
    /** The entry was written meanwhile: look again. */
    IN_FLIGHT;

    /** Whether this is a difference that the pipeline will not heal by itself. */
    public boolean isDrift() {
        return this == STALE || this == MISSING || this == ORPHANED;
    }

    /** The name in answers and metrics. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Judges.
     *
     * @param before the entry before the row was read
     * @param row the row's document; null when there is no such row
     * @param after the entry after the changes up to the row's read were applied
     * @param keptWhole whether each row of the cache has its entry at all times
     * @param format how Redis holds a document
     */
    public static Verdict of(Entry before, byte @Nullable [] row, Entry after, boolean keptWhole, Format format) {
        if (row == null && after.value() == null) {
            return GONE;
        }
        boolean same = row != null && after.value() != null && format.holds(after.value(), row);
        boolean whole = after.version() != null || !keptWhole;
        if (same && whole) {
            return CONSISTENT;
        }
        if (!after.isUntouchedSince(before)) {
            return IN_FLIGHT;
        }
        if (row == null) {
            return ORPHANED;
        }
        if (after.value() == null || same) {
            // A value without its meta is no entry to a reader of the contract.
            return keptWhole ? MISSING : NOT_KEPT;
        }
        return STALE;
    }
}
