package io.tidemark.cachewriter.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.Keeping;
import io.tidemark.cachewriter.entries.Refreshed;
import io.tidemark.cachewriter.table.FollowedTable;
import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.core.pipeline.TagTemplate;
import io.tidemark.core.postgres.RowKeys;
import io.tidemark.core.postgres.RowsRead;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A cache of row documents. */
final class RowCache implements KeptCache {
    private static final JsonMapper JSON = new JsonMapper();

    private final FollowedTable table;
    private final Target target;
    private final SourceSession source;
    private final Entries entries;
    private final RowKeys keys;

    RowCache(FollowedTable table, Target target, SourceSession source, Entries entries) {
        this.table = table;
        this.target = target;
        this.source = source;
        this.entries = entries;
        this.keys = new RowKeys(table.shape());
    }

    @Override
    public String name() {
        return target.cache().name();
    }

    @Override
    public List<String> countedAs() {
        return CountedNames.of(name(), target.cache().key());
    }

    @Override
    public Optional<TopicRows> topic() {
        return Optional.of(new TopicRows(table, target, source, entries, this::refresh));
    }

    @Override
    public String source() {
        return "row of " + target.cache().table();
    }

    @Override
    public long ttlMillis() {
        return target.cache().ttlMillis();
    }

    @Override
    public boolean owns(String key) {
        return target.cache().key().match(key).isPresent();
    }

    @Override
    public Optional<Map<String, String>> rowOf(String key) {
        return target.cache().key().match(key);
    }

    @Override
    public long count() throws SQLException {
        return source.run(connection -> keys.count(connection, Map.of()));
    }

    @Override
    public long count(String tag) throws SQLException {
        long count = 0;
        for (Map<String, String> columns : columnsOf(tag)) {
            count += source.run(connection -> keys.count(connection, columns));
        }
        return count;
    }

    @Override
    public Page page(@Nullable String tag, @Nullable String after, int limit) throws SQLException {
        List<Map<String, String>> conditions = tag == null ? List.of(Map.of()) : columnsOf(tag);
        if (conditions.isEmpty()) {
            return new Page(List.of(), null);
        }
        // Two templates of one cache that give the same tag mean the same rows nearly always; the first is enough then.
        ObjectNode from = after == null ? null : parsed(after);
        List<ObjectNode> page = source.run(connection -> keys.page(connection, conditions.get(0), from, limit));
        String next = page.size() < limit ? null : page.get(page.size() - 1).toString();
        return new Page(page.stream().map(target::entryKey).toList(), next);
    }

    @Override
    public boolean mayCarry(String tag) {
        return !columnsOf(tag).isEmpty();
    }

    @Override
    public List<String> tags(Map<String, String> columns) {
        return target.cache().tags().stream()
                .filter(tag -> columns.isEmpty() == tag.columns().isEmpty())
                .map(tag -> tag.render(columns))
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public boolean holds(byte[] value, byte[] document) {
        return target.cache().format().holds(value, document);
    }

    @Override
    public List<String> tagsOf(byte[] value) {
        ObjectNode row = target.cache().format().members(value).orElse(null);
        if (row == null) {
            return List.of();
        }
        return target.cache().tags().stream()
                .filter(tag -> tag.columns().stream().allMatch(row::has))
                .map(tag -> tag.render(row))
                .flatMap(Optional::stream)
                .toList();
    }

    private List<Map<String, String>> columnsOf(String tag) {
        List<Map<String, String>> found = new ArrayList<>();
        for (TagTemplate template : target.cache().tags()) {
            template.match(tag).ifPresent(found::add);
        }
        return found;
    }

    @Override
    public Refreshed refresh(List<String> entryKeys) throws SQLException {
        if (entryKeys.isEmpty()) {
            return new Refreshed(0, 0, 0);
        }
        String token = UUID.randomUUID().toString();
        entries.lease(token, entryKeys);
        RowsRead rows = read(entryKeys);
        return Refreshed.of(
                entries.fill(token, rows.horizonLsn(), Keeping.of(target.cache()), entryKeys, rows.documents()));
    }

    @Override
    public Optional<byte[]> document(String key) throws SQLException {
        return Optional.ofNullable(read(List.of(key)).documents().get(0));
    }

    private RowsRead read(List<String> entryKeys) throws SQLException {
        List<ObjectNode> primaryKeys = entryKeys.stream()
                .map(this::primaryKey)
                .filter(Objects::nonNull)
                .toList();
        return source.run(connection -> target.reader().read(connection, primaryKeys));
    }

    /** As texts: PostgreSQL gives them their columns' types. */
    private ObjectNode primaryKey(String key) {
        ObjectNode primaryKey = JSON.createObjectNode();
        target.cache()
                .key()
                .match(key)
                .orElseThrow(() -> new IllegalArgumentException("BUG: " + name() + " has no such key"))
                .forEach(primaryKey::put);
        return primaryKey;
    }

    private static ObjectNode parsed(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("BUG: a page ends with a key as JSON", e);
        }
    }

    @Override
    public String toString() {
        return name() + " of " + table.shape().table();
    }
}
