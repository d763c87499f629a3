package io.tidemark.core.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows of one table by what stands in some of their columns: how many there are, and their primary keys page by page.
 * Values are texts that PostgreSQL gives the columns' own types, so that an index is used; a text that is none of the type
 * finds no row. Thread-safe; a connection is used by one thread at a time.
 */
public final class RowKeys {
    private static final ObjectReader JSON = ExactJson.reader();
    private static final String DATA_EXCEPTION = "22";

    private final TableShape shape;

    /** @param shape of a table with a primary key */
    public RowKeys(TableShape shape) {
        this.shape = shape;
    }

    /** How many rows have these texts in these columns; all rows for none. */
    public long count(Connection connection, Map<String, String> equal) throws SQLException {
        String sql = "select count(*) from " + from() + where(equal, false);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, 1, equal);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            return noneOfItsType(e, 0L);
        }
    }

    /**
     * The primary keys that come next, in their order.
     *
     * @param after the key to go on after; null to begin
     */
    public List<ObjectNode> page(
            Connection connection, Map<String, String> equal, @Nullable ObjectNode after, int limit)
            throws SQLException {
        String keys = list("t.");
        String sql = (after == null ? "" : afterKey()) + "select pg_catalog.to_jsonb(k.*)::text from (select * from "
                + from() + where(equal, after != null) + " order by " + keys
                + " limit ?) t cross join lateral (select " + keys + ") k order by " + keys;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int at = 1;
            if (after != null) {
                statement.setString(at++, after.toString());
            }
            at = bind(statement, at, equal);
            statement.setInt(at, limit);
            List<ObjectNode> page = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    page.add(parsed(row.getString(1)));
                }
            }
            return page;
        } catch (SQLException e) {
            return noneOfItsType(e, List.of());
        }
    }

    private String from() {
        return (shape.partitioned() ? "" : "only ") + shape.table().quoted() + " t";
    }

    private String where(Map<String, String> equal, boolean andAfter) {
        List<String> conditions = new ArrayList<>();
        equal.keySet().stream()
                .sorted()
                .map(name ->
                        shape.column(name).orElseThrow(() -> new IllegalArgumentException("BUG: no column " + name)))
                .forEach(column -> conditions.add(
                        "t." + TableId.quote(column.name()) + " = cast(?::text as " + column.declaredType() + ")"));
        if (andAfter) {
            conditions.add("(" + list("t.") + ") > ("
                    + shape.keyColumns().stream()
                            .map(column -> "(select a." + TableId.quote(column.name()) + " from after_key a)")
                            .collect(Collectors.joining(", "))
                    + ")");
        }
        return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    }

    private String afterKey() {
        return "with after_key as materialized (select * from pg_catalog.jsonb_to_record(?::jsonb) as ("
                + shape.keyColumns().stream()
                        .map(column -> TableId.quote(column.name()) + " " + column.declaredType())
                        .collect(Collectors.joining(", "))
                + ")) ";
    }

    private String list(String prefix) {
        return shape.primaryKey().stream()
                .map(name -> prefix + TableId.quote(name))
                .collect(Collectors.joining(", "));
    }

    private static int bind(PreparedStatement statement, int from, Map<String, String> equal) throws SQLException {
        int at = from;
        for (String column : equal.keySet().stream().sorted().toList()) {
            statement.setString(at++, equal.get(column));
        }
        return at;
    }

    private static <T> T noneOfItsType(SQLException e, T nothing) throws SQLException {
        if (e.getSQLState() != null && e.getSQLState().startsWith(DATA_EXCEPTION)) {
            return nothing;
        }
        throw e;
    }

    private static ObjectNode parsed(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("BUG: to_jsonb gave no JSON", e);
        }
    }
}
