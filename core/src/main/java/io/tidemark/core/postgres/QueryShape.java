package io.tidemark.core.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The columns that a statement gives, as PostgreSQL describes them without running it. Immutable.
 *
 * @param columns in the order of the statement
 */
public record QueryShape(List<OutColumn> columns) {

    /**
     * A column of a statement.
     *
     * @param name its name in the result
     * @param type its type, written so that a cast takes it
     * @param precision the type's precision, 0 for none
     */
    public record OutColumn(String name, String type, int precision) {}

    public QueryShape {
        columns = List.copyOf(columns);
    }

    /**
     * Asks PostgreSQL.
     *
     * @throws SQLException when it does not take the statement
     */
    public static QueryShape of(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select * from (" + sql + "\n) q limit 0")) {
            ResultSetMetaData described = statement.getMetaData();
            List<OutColumn> columns = new ArrayList<>();
            for (int i = 1; i <= described.getColumnCount(); i++) {
                columns.add(new OutColumn(
                        described.getColumnLabel(i),
                        typeName(described.getColumnTypeName(i)),
                        described.getPrecision(i)));
            }
            return new QueryShape(columns);
        }
    }

    /** The column of that name; empty when there is none. */
    public Optional<OutColumn> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    /** The driver has names of its own for columns that number themselves, and does not quote names. */
    private static String typeName(String name) {
        return switch (name) {
            case "smallserial" -> "int2";
            case "serial" -> "int4";
            case "bigserial" -> "int8";
            default -> name.startsWith("\"") || name.matches("[a-z_][a-z0-9_]*") ? name : '"' + name + '"';
        };
    }
}
