package io.tidemark.core.postgres;

import io.tidemark.core.change.TableId;
import io.tidemark.core.postgres.ColumnType.Kind;
import io.tidemark.core.postgres.TableShape.ReplicaIdentity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the shapes of tables from PostgreSQL's catalog, over one connection. As thread-safe as the connection. */
public final class Catalog {
    private final Connection connection;

    public Catalog(Connection connection) {
        this.connection = connection;
    }

    /** The shapes of those tables that exist, ordinary or partitioned; one statement. */
    public Map<TableId, TableShape> shapes(Collection<TableId> tables) throws SQLException {
        Map<TableId, TableShape> shapes = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(CatalogSql.SHAPES)) {
            bind(statement, tables);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    TableShape shape = shape(row);
                    shapes.put(shape.table(), shape);
                }
            }
        }
        return shapes;
    }

    /**
     * What the {@linkplain TableShape#fingerprint() fingerprints} of those tables that exist are now. Cheaper than
     * reading their shapes.
     */
    public Map<TableId, String> fingerprints(Collection<TableId> tables) throws SQLException {
        Map<TableId, String> fingerprints = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(CatalogSql.FINGERPRINTS)) {
            bind(statement, tables);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    fingerprints.put(new TableId(text(row, 1), text(row, 2)), text(row, 3));
                }
            }
        }
        return fingerprints;
    }

    /** Every ordinary and partitioned table that is not the system's own and no partition. */
    public List<TableId> tables() throws SQLException {
        List<TableId> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(CatalogSql.TABLES)) {
            while (row.next()) {
                tables.add(new TableId(text(row, 1), text(row, 2)));
            }
        }
        return tables;
    }

    /**
     * What in the database keeps the change stream from starting, each as a sentence with its remedy; empty when
     * nothing does.
     *
     * <p>Debezium 3.6 reads all types of the database when it starts and fails on a type of the category of enums that
     * has no labels of its own: an enum without labels, or a domain over an enum, whether a table uses it or not
     * (github.com/debezium/debezium/pull/7929).
     */
    public List<String> obstacles() throws SQLException {
        List<String> obstacles = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(CatalogSql.TYPES_WITHOUT_LABELS)) {
            while (row.next()) {
                String type = text(row, 1);
                obstacles.add(
                        row.getBoolean(2)
                                ? "expected no domain over an enum, as the change stream cannot start beside one, found "
                                        + type
                                        + "; give its columns the enum itself (ALTER TABLE … ALTER COLUMN … TYPE "
                                        + text(row, 3) + "), then DROP DOMAIN " + type
                                : "expected every enum to have labels, as the change stream cannot start beside one that"
                                        + " has none, found " + type + "; give it one (ALTER TYPE " + type
                                        + " ADD VALUE '…') or DROP TYPE " + type);
            }
        }
        return obstacles;
    }

    private void bind(PreparedStatement statement, Collection<TableId> tables) throws SQLException {
        statement.setArray(
                1,
                connection.createArrayOf(
                        "text", tables.stream().map(TableId::schema).toArray()));
        statement.setArray(
                2,
                connection.createArrayOf(
                        "text", tables.stream().map(TableId::table).toArray()));
    }

    private static TableShape shape(ResultSet row) throws SQLException {
        Columns columns = new Columns(row);
        return new TableShape(
                new TableId(text(row, "schema"), text(row, "name")),
                columns.read(),
                List.of(array(row, "primary_key")),
                switch (text(row, "replica_identity")) {
                    case "f" -> ReplicaIdentity.FULL;
                    case "i" -> ReplicaIdentity.INDEX;
                    case "n" -> ReplicaIdentity.NOTHING;
                    default -> ReplicaIdentity.DEFAULT;
                },
                row.getBoolean("partitioned"),
                text(row, "fingerprint"));
    }

    private static String text(ResultSet row, int column) throws SQLException {
        return present(row.getString(column));
    }

    private static String text(ResultSet row, String column) throws SQLException {
        return present(row.getString(column));
    }

    private static String present(@Nullable String text) {
        if (text == null) {
            throw new IllegalStateException("BUG: the catalog query gave a null where there is none");
        }
        return text;
    }

    private static String[] array(ResultSet row, String column) throws SQLException {
        return (String[]) row.getArray(column).getArray();
    }

    /** The columns of one table, of which the query gives an array for each property. */
    private static final class Columns {
        private final Map<String, String[]> properties = new HashMap<>();

        Columns(ResultSet row) throws SQLException {
            for (String property : CatalogSql.COLUMN_PROPERTIES) {
                properties.put(property, array(row, property));
            }
        }

        List<Column> read() {
            List<Column> columns = new ArrayList<>();
            for (int i = 0; i < get("column_names").length; i++) {
                columns.add(new Column(
                        get("column_names")[i],
                        get("declared_types")[i],
                        new ColumnType(
                                get("type_schemas")[i],
                                get("type_names")[i],
                                Kind.ofLetter(get("type_kinds")[i]),
                                Integer.parseInt(get("type_modifiers")[i]),
                                element(i)),
                        get("not_nulls")[i].equals("true"),
                        get("generateds")[i].equals("true"),
                        get("toastables")[i].equals("true"),
                        get("domains")[i].equals("true")));
            }
            return columns;
        }

        private @Nullable ColumnType element(int i) {
            return get("element_names")[i].isEmpty()
                    ? null
                    : new ColumnType(
                            get("element_schemas")[i],
                            get("element_names")[i],
                            Kind.ofLetter(get("element_kinds")[i]),
                            -1,
                            null);
        }

        private String[] get(String property) {
            String[] values = properties.get(property);
            if (values == null) {
                throw new IllegalStateException("BUG: no property " + property + " among "
                        + Arrays.toString(properties.keySet().toArray()));
            }
            return values;
        }
    }
}
