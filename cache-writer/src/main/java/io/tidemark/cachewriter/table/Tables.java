package io.tidemark.cachewriter.table;

import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.postgres.TableShape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The tables that caches are kept of, as they are shaped now. Thread-safe; readers always see one consistent state.
 *
 * <p>A table that is dropped keeps the last shape it had, so that its last changes can still be understood.
 */
public final class Tables {
    private final Pipeline pipeline;
    private final Map<String, TableId> byTopic = new HashMap<>();
    private volatile Map<TableId, FollowedTable> tables = Map.of();

    public Tables(Pipeline pipeline) {
        this.pipeline = pipeline;
        for (TableId table : cachedTables()) {
            byTopic.put(pipeline.kafka().topics().of(table), table);
        }
    }

    /** The tables that caches are kept of. */
    public SortedSet<TableId> cachedTables() {
        SortedSet<TableId> cached = new TreeSet<>();
        pipeline.caches().forEach(cache -> cached.add(cache.table()));
        return cached;
    }

    /** The topics their changes come from. */
    public Collection<String> topics() {
        return List.copyOf(byTopic.keySet());
    }

    /** The table as it is shaped now; empty when no cache is kept of it or its shape is not known yet. */
    public Optional<FollowedTable> of(TableId table) {
        return Optional.ofNullable(tables.get(table));
    }

    /** The table whose changes come in a topic. */
    public Optional<FollowedTable> ofTopic(String topic) {
        return Optional.ofNullable(byTopic.get(topic)).flatMap(this::of);
    }

    /** The same cache's target for the table as it is shaped now. */
    public Target current(Target target) {
        return of(target.cache().table()).stream()
                .flatMap(table -> table.targets().stream())
                .filter(now -> now.cache().name().equals(target.cache().name()))
                .findFirst()
                .orElse(target);
    }

    /**
     * Takes in the shapes that the catalog has now.
     *
     * @param walLsn where the WAL stood after they were read
     * @return the caches whose table has another shape than before; none for a table seen for the first time
     */
    public synchronized List<Cache> learn(Collection<TableShape> shapes, long walLsn) {
        Map<TableId, FollowedTable> next = new HashMap<>(tables);
        List<Cache> changed = new ArrayList<>();
        for (TableShape shape : shapes) {
            FollowedTable known = next.get(shape.table());
            if (known == null || !known.shape().fingerprint().equals(shape.fingerprint())) {
                next.put(shape.table(), followed(shape, known == null ? 0 : walLsn));
                changed.addAll(known == null ? List.of() : pipeline.cachesOf(shape.table()));
            }
        }
        tables = Map.copyOf(next);
        return changed;
    }

    /** From now on takes every change of a table that was committed up to an LSN for one of an older shape. */
    public synchronized void distrustUpTo(TableId table, long walLsn) {
        Map<TableId, FollowedTable> next = new HashMap<>(tables);
        next.computeIfPresent(table, (id, known) -> followed(known.shape(), walLsn));
        tables = Map.copyOf(next);
    }

    private FollowedTable followed(TableShape shape, long shapedSinceLsn) {
        List<Target> targets = pipeline.cachesOf(shape.table()).stream()
                .map(cache -> Target.of(cache, shape))
                .toList();
        return new FollowedTable(shape, targets, shapedSinceLsn);
    }
}
