package io.tidemark.core.pipeline;

import io.tidemark.core.change.TableId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * All that the pipeline file says. Immutable.
 *
 * @param source where changes come from
 * @param kafka where changes travel
 * @param redis where the caches are
 * @param tables what is said of tables; a table without a word of its own may be missing here
 * @param caches the caches that are kept of rows, in the order of the file
 * @param invalidations what changes of tables make stale, by table; only those that make anything so
 * @param queries the caches that are read from the database
 * @param upkeep what is done by time
 * @param warm how caches are warmed, by name; only those of which the file says it
 */
public record Pipeline(
        SourceSettings source,
        KafkaSettings kafka,
        RedisSettings redis,
        Map<TableId, ColumnRules> tables,
        List<Cache> caches,
        Map<TableId, List<InvalidationRule>> invalidations,
        QueryCaches queries,
        Upkeep upkeep,
        Map<String, WarmSettings> warm) {

    public Pipeline {
        warm = Map.copyOf(warm);
        invalidations = Map.copyOf(invalidations);
        tables = Map.copyOf(tables);
        caches = List.copyOf(caches);
    }

    /** Every table that is followed: those a cache is kept of and those that are only named. */
    public SortedSet<TableId> followedTables() {
        SortedSet<TableId> followed = new TreeSet<>(tables.keySet());
        caches.forEach(cache -> followed.add(cache.table()));
        followed.addAll(queries.tables());
        return followed;
    }

    /** The caches kept of a table; none for a table that is only followed. */
    public List<Cache> cachesOf(TableId table) {
        return caches.stream().filter(cache -> cache.table().equals(table)).toList();
    }

    /** The tables whose changes are brought to Redis: those that a cache shows, or that make something stale. */
    public SortedSet<TableId> appliedTables() {
        SortedSet<TableId> applied = new TreeSet<>(invalidations.keySet());
        caches.forEach(cache -> applied.add(cache.table()));
        applied.addAll(queries.tables());
        return applied;
    }

    /** What changes of the table make stale. */
    public List<InvalidationRule> invalidationsOf(TableId table) {
        return invalidations.getOrDefault(table, List.of());
    }

    /** How the cache of that name is warmed. */
    public WarmSettings warmOf(String cache) {
        return warm.getOrDefault(cache, WarmSettings.DEFAULT);
    }

    /** The cache of that name. */
    public Optional<Cache> cache(String name) {
        return caches.stream().filter(cache -> cache.name().equals(name)).findFirst();
    }

    /** What a change of each column of the table means. */
    public ColumnRules rulesOf(TableId table) {
        return tables.getOrDefault(table, ColumnRules.NONE);
    }
}
