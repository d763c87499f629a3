package io.tidemark.cachewriter.table;

import io.tidemark.cachewriter.tags.TagRules;
import io.tidemark.core.change.TableId;
import io.tidemark.core.document.RowDocuments;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.pipeline.InvalidationRule;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.postgres.TableShape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/**
 * The tables whose changes are brought to Redis, as they are shaped now. Thread-safe; readers always see one consistent state.
 *
 * <p>A table that is dropped keeps the last shape it had, so that its last changes can still be understood.
 */
public final class Tables {
    private final Pipeline pipeline;
    private final Map<String, TableId> byTopic = new HashMap<>();
    private volatile Map<TableId, FollowedTable> tables = Map.of();

    public Tables(Pipeline pipeline) {
        this.pipeline = pipeline;
        for (TableId table : pipeline.appliedTables()) {
            byTopic.put(pipeline.kafka().topics().of(table), table);
        }
    }

    /** The tables whose changes are brought to Redis. */
    public SortedSet<TableId> applied() {
        return pipeline.appliedTables();
    }

    /** The tables that the pipeline follows, those whose changes are only published among them. */
    public SortedSet<TableId> followed() {
        return pipeline.followedTables();
    }

    /** The topics their changes come from. */
    public Collection<String> topics() {
        return List.copyOf(byTopic.keySet());
    }

    /** The table as it is shaped now; empty when its changes are not applied or its shape is not known yet. */
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
            if (!applied().contains(shape.table())) {
                continue;
            }
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

    private boolean followsChanges(String cache) {
        return pipeline.upkeep().resyncOf(cache).strategy().followsChanges();
    }

    private FollowedTable followed(TableShape shape, long shapedSinceLsn) {
        List<Target> targets = pipeline.cachesOf(shape.table()).stream()
                .map(cache -> Target.of(cache, followsChanges(cache.name()), shape))
                .toList();
        List<InvalidationRule> rules = pipeline.invalidationsOf(shape.table());
        TagRules tagRules = rules.isEmpty() ? null : new TagRules(shape, rules, pipeline.rulesOf(shape.table()));
        return new FollowedTable(shape, targets, tagRules, new RowDocuments(shape, column -> false), shapedSinceLsn);
    }
}
