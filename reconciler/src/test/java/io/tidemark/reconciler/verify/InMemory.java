package io.tidemark.reconciler.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.TableId;
import io.tidemark.core.document.Format;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.pipeline.FieldSelection;
import io.tidemark.core.pipeline.KeyTemplate;
import io.tidemark.core.postgres.Row;
import io.tidemark.core.postgres.RowPage;
import io.tidemark.core.postgres.RowsRead;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A table and a cache of it in memory, at LSN 7. Before each read of entries something may happen to them. */
public final class InMemory implements Sources {
    public final TreeMap<Long, String> table = new TreeMap<>();
    public final TreeMap<String, Entry> redis = new TreeMap<>();
    public Applied applied = lsn -> {};
    Consumer<List<String>> beforeRead = keys -> {};
    int largestRead;
    int largestPage;
    private final Lock turn = new ReentrantLock(true);

    public static Subject cache(@Nullable Duration ttl) {
        return cache("p", ttl);
    }

    static Subject cache(String name, @Nullable Duration ttl) {
        return new Subject.OfRows(new Cache(
                name,
                new TableId("public", "p"),
                KeyTemplate.parse("p:{id}"),
                FieldSelection.ALL,
                ttl,
                List.of(),
                Format.JSON));
    }

    public static Entry entry(String value, String version) {
        return new Entry(value.getBytes(UTF_8), version, null);
    }

    public void consistent(int count) {
        for (long id = 1; id <= count; id++) {
            table.put(id, "{\"id\":" + id + "}");
            redis.put("p:" + id, entry("{\"id\": " + id + "}", "v"));
        }
    }

    @Override
    public Rows rows(Subject cache) {
        return new InMemoryRows();
    }

    @Override
    public Entries entries(Subject cache) {
        return new InMemoryEntries();
    }

    @Override
    public Lock turn() {
        return turn;
    }

    @Override
    public Applied applied(Subject cache) {
        return applied;
    }

    private static ObjectNode key(long id) {
        return JsonNodeFactory.instance.objectNode().put("id", id);
    }

    private final class InMemoryRows implements Rows {
        @Override
        public long estimate() {
            return table.size();
        }

        @Override
        public RowPage page(@Nullable ObjectNode after, int limit) {
            largestPage = Math.max(largestPage, limit);
            long from = after == null ? Long.MIN_VALUE : after.get("id").longValue();
            List<Row> rows = new ArrayList<>();
            table.tailMap(from, after == null).entrySet().stream()
                    .limit(limit)
                    .forEach(row ->
                            rows.add(new Row(key(row.getKey()), row.getValue().getBytes(UTF_8))));
            return new RowPage(
                    rows, rows.size() < limit ? null : rows.get(limit - 1).key(), 7);
        }

        @Override
        public RowsRead read(List<ObjectNode> keys) {
            largestRead = Math.max(largestRead, keys.size());
            List<byte @Nullable []> documents = new ArrayList<>();
            for (ObjectNode key : keys) {
                String row = table.get(key.get("id").longValue());
                documents.add(row == null ? null : row.getBytes(UTF_8));
            }
            return new RowsRead(documents, 7);
        }

        @Override
        public Optional<ObjectNode> keyOf(Map<String, String> texts) {
            return texts.get("id").matches("\\d+")
                    ? Optional.of(key(Long.parseLong(texts.get("id"))))
                    : Optional.empty();
        }

        @Override
        public List<Boolean> exist(List<ObjectNode> keys) {
            return keys.stream()
                    .map(key -> table.containsKey(key.get("id").longValue()))
                    .toList();
        }

        @Override
        public void close() {}
    }

    private final class InMemoryEntries implements Entries {
        @Override
        public List<byte @Nullable []> values(List<String> keys) {
            List<byte @Nullable []> values = new ArrayList<>();
            keys.forEach(key -> values.add(redis.getOrDefault(key, Entry.NONE).value()));
            return values;
        }

        @Override
        public boolean allHaveMeta(List<String> keys) {
            return keys.stream()
                    .allMatch(key -> redis.getOrDefault(key, Entry.NONE).version() != null);
        }

        @Override
        public List<Entry> read(List<String> keys) {
            beforeRead.accept(keys);
            return keys.stream().map(key -> redis.getOrDefault(key, Entry.NONE)).toList();
        }

        @Override
        public Iterator<String> matching(String pattern) {
            // Redis may give a key twice.
            List<String> keys = new ArrayList<>(redis.keySet());
            keys.addAll(redis.keySet());
            return keys.iterator();
        }
    }
}
