package io.tidemark.cachewriter.dependents;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.table.FollowedTable;
import io.tidemark.cachewriter.table.Tables;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Dependency;
import io.tidemark.core.pipeline.QueryCache;
import io.tidemark.core.postgres.QueryReader;
import io.tidemark.core.postgres.QueryReader.Question;
import io.tidemark.core.postgres.QueryShape;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.core.query.Questions;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cache as it is read now, by the shapes that its tables have. Immutable.
 *
 * @param fingerprint the same text as long as neither the cache's settings nor its tables' shapes change
 */
record Compiled(QueryCache cache, QueryReader reader, Map<TableId, TableShape> shapes, String fingerprint) {

    /** Empty as long as a table is not known. */
    static Optional<Map<TableId, TableShape>> shapesOf(QueryCache cache, Tables tables) {
        Map<TableId, TableShape> shapes = new HashMap<>();
        for (Dependency dependency : cache.depends()) {
            Optional<FollowedTable> table = tables.of(dependency.table());
            if (table.isEmpty()) {
                return Optional.empty();
            }
            shapes.put(dependency.table(), table.get().shape());
        }
        return Optional.of(shapes);
    }

    static Compiled of(QueryCache cache, Map<TableId, TableShape> shapes, DatabaseLoad database)
            throws SQLException, InterruptedException {
        Question question = Questions.of(cache, shapes);
        QueryShape shape = database.run(connection -> QueryShape.of(connection, question.sql()));
        return new Compiled(cache, new QueryReader(question, shape), Map.copyOf(shapes), fingerprint(cache, shapes));
    }

    /** What an entry depends on beside rows. */
    static String fingerprint(QueryCache cache, Map<TableId, TableShape> shapes) {
        StringBuilder text = new StringBuilder();
        text.append(cache.key()).append(cache.from()).append(cache.many()).append(cache.depends());
        text.append(cache.limit())
                .append(cache.index())
                .append(cache.ttl())
                .append(cache.format().mark());
        cache.depends().forEach(one -> {
            TableShape shape = shapes.get(one.table());
            text.append(shape == null ? "" : shape.fingerprint());
        });
        return Integer.toHexString(text.toString().hashCode()) + "-" + text.length();
    }

    /** The key, or the member of the sorted set, that texts stand for. */
    String render(List<String> texts) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        List<String> columns = cache.key().columns();
        for (int i = 0; i < columns.size(); i++) {
            row.put(columns.get(i), texts.get(i));
        }
        return cache.key().render(row);
    }

    /** The texts that a key or member stands for; empty when it is none of this cache's. */
    Optional<List<String>> match(String key) {
        return cache.key()
                .match(key)
                .map(texts -> cache.key().columns().stream().map(texts::get).toList())
                .filter(reader::canBeKey);
    }
}
