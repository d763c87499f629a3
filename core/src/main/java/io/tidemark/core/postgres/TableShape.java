package io.tidemark.core.postgres;

import io.tidemark.core.change.TableId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a table looks like: its columns, its primary key, and a fingerprint of all that shapes its rows' documents.
 * Immutable.
 *
 * @param table the table
 * @param columns its columns in the table's order, dropped ones left out
 * @param primaryKey the names of its primary key's columns in the key's order; empty when it has none
 * @param replicaIdentity how much of the old row the WAL holds
 * @param partitioned whether its rows lie in partitions
 * @param fingerprint the same text as long as no column, type or key of the table has changed; it covers the labels of
 *     enums and the attributes of composite types too, since renaming one changes documents without changing a row
 */
public record TableShape(
        TableId table,
        List<Column> columns,
        List<String> primaryKey,
        ReplicaIdentity replicaIdentity,
        boolean partitioned,
        String fingerprint) {

    /** How much of the old row the WAL holds of an update or a delete. */
    public enum ReplicaIdentity {
        DEFAULT,
        INDEX,
        FULL,
        NOTHING
    }

    public TableShape {
        columns = List.copyOf(columns);
        primaryKey = List.copyOf(primaryKey);
        Map<String, Column> byName = new HashMap<>();
        columns.forEach(column -> byName.put(column.name(), column));
        if (!byName.keySet().containsAll(primaryKey)) {
            throw new IllegalArgumentException("BUG: " + table + " has no column for its primary key " + primaryKey);
        }
    }

    /** The column of that name. */
    public Optional<Column> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    /** The primary key's columns in the key's order. */
    public List<Column> keyColumns() {
        return primaryKey.stream().map(name -> column(name).orElseThrow()).toList();
    }
}
