package io.tidemark.core.postgres;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of one table as {@code to_jsonb} gives them. Thread-safe; a connection is used by one thread at a time and
 * must be one that {@link SourceDatabase} has set up.
 */
public final class RowReader {
    private final TableShape shape;
    private final Predicate<String> inDocument;

    /**
     * @param shape the table, which has a primary key
     * @param inDocument says of a column's name whether documents have it
     */
    public RowReader(TableShape shape, Predicate<String> inDocument) {
        this.shape = shape;
        this.inDocument = inDocument;
    }

    /**
     * Reads the rows with the given keys in one statement, and the horizon after them.
     *
     * @param keys primary keys in {@code to_jsonb} form
     * @throws ShapeChangedException when the table is no longer as its shape says
     */
    public RowsRead read(Connection connection, List<ObjectNode> keys) throws SQLException {
        throw new UnsupportedOperationException("not yet " + shape + inDocument + connection + keys);
    }

    /**
     * Reads the rows that come next in the order of the primary key.
     *
     * @param after the key to read on after; null to begin
     * @param limit how many rows at most
     * @throws ShapeChangedException when the table is no longer as its shape says
     */
    public RowPage page(Connection connection, @Nullable ObjectNode after, int limit) throws SQLException {
        throw new UnsupportedOperationException("not yet " + connection + after + limit);
    }
}
