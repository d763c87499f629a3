package io.tidemark.core.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of one table as {@code to_jsonb} gives them. Thread-safe; a connection is used by one thread at a time, is
 * in auto-commit mode and must be one that {@link SourceDatabase} has set up.
 *
 * <p>A row that {@code to_jsonb} itself refuses, such as one whose {@code json} holds {@code \u0000}, has no document:
 * it counts as not there.
 */
public final class RowReader {
    /** Undefined column, table, function or operator, object, schema; datatype mismatch. */
    private static final Set<String> SHAPE_CHANGED =
            Set.of("42703", "42P01", "42883", "42704", "3F000", "42804", "0A000");

    private static final String DATA_EXCEPTION = "22";
    private static final ObjectReader JSON = ExactJson.reader();

    private final TableShape shape;
    private final RowSql sql;

    /**
     * @param shape the table
     * @param inDocument says of a column's name whether documents have it
     * @throws IllegalArgumentException when the table has no primary key
     */
    public RowReader(TableShape shape, Predicate<String> inDocument) {
        if (shape.primaryKey().isEmpty()) {
            throw new IllegalArgumentException("expected " + shape.table() + " to have a primary key, found none");
        }
        this.shape = shape;
        this.sql = RowSql.of(shape, inDocument);
    }

    /** The table as it is shaped. */
    public TableShape shape() {
        return shape;
    }

    /**
     * Reads the rows with the given keys in one statement, and the horizon after them.
     *
     * @param keys primary keys in {@code to_jsonb} form
     * @throws ShapeChangedException when the table is no longer as its shape says
     */
    public RowsRead read(Connection connection, List<ObjectNode> keys) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.byKeys())) {
            statement.setString(1, jsonArray(keys));
            byte[][] documents = new byte[keys.size()][];
            try (ResultSet row = firstResult(statement)) {
                while (row.next()) {
                    documents[row.getInt(1) - 1] = row.getBytes(2);
                }
            }
            return new RowsRead(listOf(documents), horizon(statement));
        } catch (SQLException e) {
            if (!isDataException(e)) {
                throw explained(e);
            }
            return keys.size() == 1 ? withoutDocument(connection) : halves(connection, keys);
        }
    }

    /** One row is in the way of all others of its statement: come close to it by halves. */
    private RowsRead halves(Connection connection, List<ObjectNode> keys) throws SQLException {
        int middle = keys.size() / 2;
        List<byte @Nullable []> documents =
                new ArrayList<>(read(connection, keys.subList(0, middle)).documents());
        RowsRead second = read(connection, keys.subList(middle, keys.size()));
        documents.addAll(second.documents());
        return new RowsRead(documents, second.horizonLsn());
    }

    private static RowsRead withoutDocument(Connection connection) throws SQLException {
        return new RowsRead(listOf(new byte[1][]), WalPosition.current(connection));
    }

    /**
     * Reads the rows that come next in the order of the primary key.
     *
     * @param after the key to read on after; null to begin
     * @param limit how many rows at most
     * @throws ShapeChangedException when the table is no longer as its shape says
     */
    public RowPage page(Connection connection, @Nullable ObjectNode after, int limit) throws SQLException {
        return after == null
                ? page(connection, sql.firstPage(), sql.firstKeys(), List.of(), limit)
                : page(connection, sql.nextPage(), sql.nextKeys(), List.of(after), limit);
    }

    /**
     * Reads rows in the order of the primary key.
     *
     * @param first the lowest key, which may be that of no row
     * @param last the highest
     * @param limit how many rows at most
     * @throws ShapeChangedException when the table is no longer as its shape says
     */
    public RowPage between(Connection connection, ObjectNode first, ObjectNode last, int limit) throws SQLException {
        return page(connection, sql.between(), sql.keysBetween(), List.of(first, last), limit);
    }

    private RowPage page(Connection connection, String page, String keysOfPage, List<ObjectNode> bounds, int limit)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(page)) {
            bindPage(statement, bounds, limit);
            List<Row> rows = new ArrayList<>();
            try (ResultSet row = firstResult(statement)) {
                while (row.next()) {
                    rows.add(new Row(key(row), row.getBytes(2)));
                }
            }
            ObjectNode next = rows.size() < limit ? null : rows.get(limit - 1).key();
            return new RowPage(rows, next, horizon(statement));
        } catch (SQLException e) {
            if (!isDataException(e)) {
                throw explained(e);
            }
            return pageByKeys(connection, keysOfPage, bounds, limit);
        }
    }

    /** Some row of the page has no document: read its keys first, then what each gives. */
    private RowPage pageByKeys(Connection connection, String keysOfPage, List<ObjectNode> bounds, int limit)
            throws SQLException {
        List<ObjectNode> keys = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(keysOfPage)) {
            bindPage(statement, bounds, limit);
            try (ResultSet row = firstResult(statement)) {
                while (row.next()) {
                    keys.add(key(row));
                }
            }
        } catch (SQLException e) {
            throw explained(e);
        }
        RowsRead read = read(connection, keys);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            byte[] document = read.documents().get(i);
            if (document != null) {
                rows.add(new Row(keys.get(i), document));
            }
        }
        return new RowPage(rows, keys.size() < limit ? null : keys.get(limit - 1), read.horizonLsn());
    }

    private static void bindPage(PreparedStatement statement, List<ObjectNode> bounds, int limit) throws SQLException {
        int parameter = 1;
        for (ObjectNode bound : bounds) {
            statement.setString(parameter++, bound.toString());
        }
        statement.setInt(parameter, limit);
    }

    private static ResultSet firstResult(PreparedStatement statement) throws SQLException {
        statement.execute();
        return statement.getResultSet();
    }

    private static long horizon(PreparedStatement statement) throws SQLException {
        statement.getMoreResults();
        try (ResultSet row = statement.getResultSet()) {
            return WalPosition.of(row);
        }
    }

    private static ObjectNode key(ResultSet row) throws SQLException {
        try {
            return (ObjectNode) JSON.readTree(row.getString(1));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("BUG: PostgreSQL gave a key that is not JSON", e);
        }
    }

    private static String jsonArray(List<ObjectNode> keys) {
        StringBuilder array = new StringBuilder(keys.size() * 16).append('[');
        for (ObjectNode key : keys) {
            array.append(array.length() == 1 ? "" : ",").append(key);
        }
        return array.append(']').toString();
    }

    private static List<byte @Nullable []> listOf(byte[][] documents) {
        List<byte @Nullable []> list = new ArrayList<>(documents.length);
        for (byte[] document : documents) {
            list.add(document);
        }
        return list;
    }

    private static boolean isDataException(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().startsWith(DATA_EXCEPTION);
    }

    private SQLException explained(SQLException e) {
        if (e.getSQLState() != null && SHAPE_CHANGED.contains(e.getSQLState())) {
            throw new ShapeChangedException(
                    "expected " + shape.table() + " to have the columns it had, found otherwise: read its shape again",
                    e);
        }
        return e;
    }
}
