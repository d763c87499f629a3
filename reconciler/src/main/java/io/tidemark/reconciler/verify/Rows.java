package io.tidemark.reconciler.verify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.postgres.RowPage;
import io.tidemark.core.postgres.RowsRead;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of one table, each as the document of one cache. Implementations are used by one thread at a time. */
public interface Rows extends AutoCloseable {

    /** About how many rows there are, as the planner estimates; -1 when it does not know. */
    long estimate() throws SQLException;

    /** The rows that come next in the order of the primary key. */
    RowPage page(@Nullable ObjectNode after, int limit) throws SQLException;

    /** The rows of primary keys, in their order. */
    RowsRead read(List<ObjectNode> keys) throws SQLException;

    /** Primary keys of some rows at random, about so many; none where that cannot be asked cheaply. */
    default List<ObjectNode> sample(int count) throws SQLException {
        return List.of();
    }

    /** The primary key that a key's texts stand for; empty when they stand for none of this table. */
    Optional<ObjectNode> keyOf(Map<String, String> texts);

    /** Which of the primary keys exist, in their order. */
    List<Boolean> exist(List<ObjectNode> keys) throws SQLException;

    @Override
    void close();
}
