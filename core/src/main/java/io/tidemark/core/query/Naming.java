package io.tidemark.core.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Dependency;
import io.tidemark.core.pipeline.QueryCache;
import io.tidemark.core.pipeline.Way;
import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.KeysOfRows;
import io.tidemark.core.postgres.SqlText;
import io.tidemark.core.postgres.TableShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How rows of one table name entries of one cache, by the table's shape. Immutable and thread-safe.
 *
 * <p>A row names keys directly, or rows of which the database has to be asked which keys they are for.
 */
public final class Naming {
    private final TableShape shape;
    private final List<List<String>> direct;
    private final List<Asked> asked;
    private final Set<String> columns;

    /**
     * Rows of which the database is asked.
     *
     * @param statement what is asked
     * @param columns the row's columns that are its parameters
     * @param keys asks
     */
    public record Asked(SqlText statement, List<String> columns, KeysOfRows keys) {
        public Asked {
            columns = List.copyOf(columns);
        }
    }

    private Naming(TableShape shape, List<List<String>> direct, List<Asked> asked) {
        this.shape = shape;
        this.direct = List.copyOf(direct);
        this.asked = List.copyOf(asked);
        this.columns = new LinkedHashSet<>();
        direct.forEach(key -> key.forEach(name -> columns.add(Questions.objectOf(name))));
        asked.forEach(one -> columns.addAll(one.columns()));
    }

    /**
     * How the rows of a table do it.
     *
     * @throws IllegalArgumentException when a statement's parameter is no column of the table
     */
    public static Naming of(QueryCache cache, TableShape shape) {
        List<List<String>> direct = new ArrayList<>();
        List<Asked> asked = new ArrayList<>();
        int keyColumns = cache.key().columns().size();
        for (Way way : waysOf(cache, shape.table())) {
            if (way instanceof Way.Columns columns) {
                direct.add(columns.columns());
            } else {
                for (SqlText statement : statements(cache, way)) {
                    List<String> names = statement.parameters();
                    List<String> types = names.stream()
                            .map(name -> shape.column(name)
                                    .map(Column::declaredType)
                                    .orElseThrow(() -> new IllegalArgumentException("expected :" + name
                                            + " to be a column of " + shape.table() + ", found none of that name")))
                            .toList();
                    asked.add(new Asked(statement, names, new KeysOfRows(statement, types, keyColumns)));
                }
            }
        }
        return new Naming(shape, direct, asked);
    }

    private static List<Way> waysOf(QueryCache cache, TableId table) {
        return cache.dependencyOn(table).map(Dependency::ways).orElse(List.of());
    }

    /** The statements that a way through other tables comes to: each level stands in the FROM of the next. */
    private static List<SqlText> statements(QueryCache cache, Way way) {
        if (way instanceof Way.Statement statement) {
            return List.of(statement.sql());
        }
        Way.Via via = (Way.Via) way;
        String rows = "(select * from " + via.table().quoted() + " where ("
                + via.where().render(name -> ":" + name).replace("??", "?") + ")) u";
        List<SqlText> statements = new ArrayList<>();
        for (Way next : waysOf(cache, via.table())) {
            if (next instanceof Way.Columns columns) {
                StringBuilder list = new StringBuilder();
                columns.columns().forEach(name -> list.append(list.isEmpty() ? "" : ", ")
                        .append("u.")
                        .append(TableId.quote(name)));
                statements.add(SqlText.parse("select " + (list.isEmpty() ? "1" : list) + " from " + rows));
            } else {
                for (SqlText inner : statements(cache, next)) {
                    String sql =
                            inner.render(name -> "u." + TableId.quote(name)).replace("??", "?");
                    statements.add(SqlText.parse("select s.* from " + rows + " cross join lateral (" + sql + "\n) s"));
                }
            }
        }
        return statements;
    }

    /** The row's columns that are needed. */
    public Set<String> columns() {
        return columns;
    }

    /** Whether the primary key says it all, so that nothing has to be remembered of a row. */
    public boolean byPrimaryKey() {
        return shape.primaryKey().containsAll(columns);
    }

    /** What the database is asked, in the order that {@link Names#asked} counts them. */
    public List<Asked> asked() {
        return asked;
    }

    /**
     * What a row names.
     *
     * @param keys keys, each the texts of its columns
     * @param asked for each question the row's parameters
     */
    public record Names(Set<List<String>> keys, Map<Integer, List<@Nullable String>> asked) {}

    /**
     * What a row names.
     *
     * @param row at least the {@link #columns}, each as {@code to_jsonb} gives it
     */
    public Names of(ObjectNode row) {
        Set<List<String>> keys = new LinkedHashSet<>();
        direct.forEach(key -> keys.addAll(RowKeys.of(key, row)));
        Map<Integer, List<@Nullable String>> parameters = new LinkedHashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            List<@Nullable String> values = new ArrayList<>();
            for (String column : asked.get(i).columns()) {
                JsonNode value = row.get(column);
                values.add(RowKeys.textOf(value));
            }
            parameters.put(i, values);
        }
        return new Names(keys, parameters);
    }
}
