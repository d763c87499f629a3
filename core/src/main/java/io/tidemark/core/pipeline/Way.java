package io.tidemark.core.pipeline;

import io.tidemark.core.change.TableId;
import io.tidemark.core.postgres.SqlText;
import java.util.List;

/** How a changed row names the entries of a cache that show it. Immutable. */
public sealed interface Way {

    /**
     * By columns of its own, before the change and after it.
     *
     * @param columns for each column of the cache's key, in its order; none for a cache of a single entry. {@code c.key}
     *     and {@code c.value} stand for each member of the JSON object in column {@code c}
     */
    record Columns(List<String> columns) implements Way {
        public Columns {
            columns = List.copyOf(columns);
        }
    }

    /** By a statement that gives the key's columns; its parameters are columns of the row. */
    record Statement(SqlText sql) implements Way {}

    /**
     * By way of rows of another table, which name the entries themselves.
     *
     * @param where which of them: a condition over their columns; its parameters are columns of the changed row
     */
    record Via(TableId table, SqlText where) implements Way {}
}
