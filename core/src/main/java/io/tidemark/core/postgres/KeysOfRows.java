package io.tidemark.core.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Asks which keys changed rows name, by a statement with parameters, for many rows at once. Thread-safe as {@link
 * QueryReader} is.
 */
public final class KeysOfRows {
    private static final int LONGEST_SECONDS = 25;
    private static final int FETCH = 2_000;

    private final String sql;
    private final int parameters;
    private final int keyColumns;

    /**
     * @param statement gives the key's columns first, in their order
     * @param types the types of its parameters' columns, in the order of {@link SqlText#parameters}
     * @param keyColumns how many columns a key has
     */
    public KeysOfRows(SqlText statement, List<String> types, int keyColumns) {
        List<String> names = statement.parameters();
        this.parameters = names.size();
        this.keyColumns = keyColumns;
        String inner = statement.render(name -> "r.p" + names.indexOf(name));
        String keys = IntStream.range(0, keyColumns).mapToObj(i -> "k" + i).collect(Collectors.joining(", "));
        String rows = parameters == 0
                ? ""
                : "unnest("
                        + types.stream().map(QueryReader::array).collect(Collectors.joining(", "))
                        + ") as r("
                        + IntStream.range(0, parameters).mapToObj(i -> "p" + i).collect(Collectors.joining(", "))
                        + ") cross join lateral ";
        this.sql = "select distinct "
                + IntStream.range(0, keyColumns)
                        .mapToObj(i -> "pg_catalog.to_jsonb(s.k" + i + ") #>> '{}'")
                        .collect(Collectors.joining(", "))
                + " from " + rows + "(" + inner + "\n) as s(" + keys + ")";
    }

    /**
     * Asks, and hands on the keys in portions. The connection is not in auto-commit mode meanwhile, so that PostgreSQL
     * gives them in portions too.
     *
     * @param rows for each row the texts of its parameters
     */
    public void read(Connection connection, List<List<@Nullable String>> rows, Consumer<List<List<String>>> portion)
            throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement statement = prepared(connection, rows)) {
            statement.setFetchSize(FETCH);
            KeyRows.each(statement, keyColumns, portion);
            connection.commit();
        } catch (SQLException | RuntimeException failure) {
            if (!connection.isClosed()) {
                connection.rollback();
            }
            throw failure;
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    /**
     * Sees to it that PostgreSQL takes the statement.
     *
     * @throws SQLException when it does not
     */
    public void check(Connection connection) throws SQLException {
        try (PreparedStatement statement = prepared(connection, List.of())) {
            statement.getMetaData();
        }
    }

    private PreparedStatement prepared(Connection connection, List<List<@Nullable String>> rows) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout(LONGEST_SECONDS);
        for (int i = 0; i < parameters; i++) {
            List<@Nullable String> values = new ArrayList<>(rows.size());
            for (List<@Nullable String> row : rows) {
                values.add(row.get(i));
            }
            statement.setArray(i + 1, connection.createArrayOf("text", values.toArray(String[]::new)));
        }
        return statement;
    }
}
