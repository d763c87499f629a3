package io.tidemark.core.pipeline;

import io.tidemark.core.change.TableId;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The caches that are read from the database, and how hard it may be worked for them. Immutable.
 *
 * @param caches the caches, in the order of the file
 * @param refresh how hard the database may be worked
 */
public record QueryCaches(List<QueryCache> caches, RefreshSettings refresh) {

    /** None. */
    public static final QueryCaches NONE = new QueryCaches(List.of(), RefreshSettings.DEFAULT);

    public QueryCaches {
        caches = List.copyOf(caches);
    }

    /** The tables that they depend on. */
    public SortedSet<TableId> tables() {
        SortedSet<TableId> tables = new TreeSet<>();
        caches.forEach(cache -> cache.depends().forEach(one -> tables.add(one.table())));
        return tables;
    }

    /** The cache of that name. */
    public Optional<QueryCache> cache(String name) {
        return caches.stream().filter(cache -> cache.name().equals(name)).findFirst();
    }
}
