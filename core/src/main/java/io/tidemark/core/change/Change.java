package io.tidemark.core.change;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One committed row change.
 *
 * <p>The nodes are the envelope's own, in Debezium's representation of each type; whoever holds a change does not
 * modify them.
 *
 * @param table where it happened
 * @param operation what it did
 * @param version where it stands in the stream
 * @param committedAtMicros commit time by PostgreSQL's clock, in microseconds since 1970-01-01 UTC; 0 when unknown
 * @param key the primary key's columns; null only for {@link Operation#TRUNCATE}
 * @param before the row before, as much of it as the table's replica identity gives; often null
 * @param after the row after; null unless the {@linkplain Operation#leavesRow() row exists}
 * @param keyMoved whether this is the delete half of an update that changed the primary key: the old key may belong to
 *     another row by now
 * @param valueLeftOut whether the row was too large for a record, so that only its key came and the row is to be read
 *     from the database
 * @param unseenTransaction the transaction that made it, as the lower 32 bits of its id, when readers of the database may
 *     not see it yet; 0 when they do
 */
public record Change(
        TableId table,
        Operation operation,
        Version version,
        long committedAtMicros,
        @Nullable ObjectNode key,
        @Nullable ObjectNode before,
        @Nullable ObjectNode after,
        boolean keyMoved,
        boolean valueLeftOut,
        long unseenTransaction) {

    public Change {
        if (key == null && operation != Operation.TRUNCATE) {
            throw new UnreadableChangeException("key: expected the primary key of the row, found none");
        }
        if (after == null && operation.leavesRow() && !valueLeftOut) {
            throw new UnreadableChangeException("after: expected the row, found none");
        }
    }

    /** A change that every reader of the database sees. */
    public Change(
            TableId table,
            Operation operation,
            Version version,
            long committedAtMicros,
            @Nullable ObjectNode key,
            @Nullable ObjectNode before,
            @Nullable ObjectNode after,
            boolean keyMoved,
            boolean valueLeftOut) {
        this(table, operation, version, committedAtMicros, key, before, after, keyMoved, valueLeftOut, 0);
    }
}
