package io.tidemark.reconciler.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * An entry that differs from the database and will not heal by itself.
 *
 * @param key the entry's key; of a sorted set the member
 * @param row the primary key of its row
 * @param kind stale, missing or orphaned
 * @param entry as it was at the last look
 * @param document what the row says; null when there is no row. Not to be modified
 * @param horizonLsn an LSN no later than which the row was read
 */
@SuppressWarnings("ArrayRecordComponent")
public record Drift(
        String key, ObjectNode row, Verdict kind, Entry entry, byte @Nullable [] document, long horizonLsn) {

    /** Without what is in the row, which may be a person's. */
    @Override
    public String toString() {
        return "Drift[" + key + ", " + kind + "]";
    }
}
