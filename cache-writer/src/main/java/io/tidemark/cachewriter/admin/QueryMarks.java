package io.tidemark.cachewriter.admin;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tidemark.cachewriter.dependents.DueStore;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.KeyTemplate;
import io.tidemark.core.pipeline.QueryCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The caches whose entries are read by queries. What is to be read again is marked, and read soon, in the pace that the pipeline
 * file gives; the old value stays until then. Thread-safe.
 */
public final class QueryMarks {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String EVERYTHING = "*";

    private final List<QueryCache> caches;
    private final DueStore store;
    private final Runnable wake;
    private final ToLongFunction<String> due;

    /**
     * @param wake tells whoever reads that something was marked
     * @param due how much of a cache is to be read, as far as is known
     */
    public QueryMarks(List<QueryCache> caches, DueStore store, Runnable wake, ToLongFunction<String> due) {
        this.caches = List.copyOf(caches);
        this.store = store;
        this.wake = wake;
        this.due = due;
    }

    List<String> names() {
        return caches.stream().map(QueryCache::name).toList();
    }

    public boolean has(String name) {
        return names().contains(name);
    }

    long due(String name) {
        return due.applyAsLong(name);
    }

    /** The cache that a key belongs to. */
    Optional<String> owning(String key) {
        return caches.stream()
                .filter(cache -> cache.index() == null
                        ? cache.key().match(key).isPresent()
                        : cache.index().key().equals(key))
                .map(QueryCache::name)
                .findFirst();
    }

    /** Whether it is one entry, or a sorted set: marking a part of it marks it all. */
    boolean isOneEntry(String name) {
        QueryCache cache = named(name);
        return cache.index() != null || cache.key().columns().isEmpty();
    }

    /** The names under which clients may count what is asked of it. */
    List<String> countedAs(String name) {
        return CountedNames.of(name, named(name).key());
    }

    /** Whether something of a table stands in its entries. */
    boolean dependsOn(String name, TableId table) {
        return named(name).dependencyOn(table).isPresent();
    }

    private QueryCache named(String name) {
        return caches.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** What {@code SCAN} finds the entries of a cache by, and maybe others'. */
    String scanPattern(String name) {
        return named(name).key().scanPattern();
    }

    void everything(String name) {
        store.mark(name, DueStore.Manner.FIRST, 0, List.of(EVERYTHING));
        wake.run();
    }

    /** Marks the entries of these keys, all of one cache. */
    void keys(String name, List<String> keys) {
        QueryCache cache = named(name);
        List<String> members = new ArrayList<>();
        for (String key : keys) {
            members.add(cache.index() == null ? member(cache.key(), key) : EVERYTHING);
        }
        store.mark(name, DueStore.Manner.FIRST, 0, members);
        wake.run();
    }

    /**
     * Marks entries by what the cache's key gives for their rows, members of a sorted set too; answers how many of them the
     * cache can have.
     */
    public int rows(String name, List<String> rows) {
        KeyTemplate template = caches.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow()
                .key();
        List<String> members = rows.stream()
                .filter(row -> template.match(row).isPresent())
                .map(row -> member(template, row))
                .toList();
        if (!members.isEmpty()) {
            store.mark(name, DueStore.Manner.FIRST, 0, members);
            wake.run();
        }
        return members.size();
    }

    private static String member(KeyTemplate template, String key) {
        Map<String, String> texts = template.match(key).orElseThrow();
        return "k"
                + JSON.valueToTree(template.columns().stream().map(texts::get).toList());
    }
}
