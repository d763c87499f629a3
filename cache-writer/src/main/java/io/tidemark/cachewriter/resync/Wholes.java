package io.tidemark.cachewriter.resync;

import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.table.FollowedTable;
import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.cachewriter.table.Tables;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.QueryCache;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens the caches of the pipeline file. Thread-safe. */
public final class Wholes {
    private final Pipeline pipeline;
    private final Tables tables;
    private final Supplier<SourceSession> sessions;
    private final Entries entries;
    private final Held held;
    private final Queries queries;

    /** Opens those that are read from the database. */
    @FunctionalInterface
    public interface Queries {
        @Nullable
        Whole open(String cache) throws SQLException, InterruptedException;
    }

    /** @param sessions gives a new one each time, which connects when it is first used */
    public Wholes(
            Pipeline pipeline,
            Tables tables,
            Supplier<SourceSession> sessions,
            Entries entries,
            Held held,
            Queries queries) {
        this.pipeline = pipeline;
        this.tables = tables;
        this.sessions = sessions;
        this.entries = entries;
        this.held = held;
        this.queries = queries;
    }

    /** The names of all, in the order of the file. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        pipeline.caches().stream().map(Cache::name).forEach(names::add);
        pipeline.queries().caches().stream().map(QueryCache::name).forEach(names::add);
        return names;
    }

    /** Opens one of the names; whoever asks closes it. */
    Whole open(String name) throws SQLException, InterruptedException {
        Whole query = queries.open(name);
        if (query != null) {
            return query;
        }
        Cache cache = pipeline.cache(name).orElseThrow();
        FollowedTable table = tables.of(cache.table())
                .orElseThrow(() -> new SQLException("table " + cache.table() + " is not known yet"));
        Target target = table.targets().stream()
                .filter(one -> one.cache().name().equals(name))
                .findFirst()
                .orElseThrow();
        Refilling refilling = new Refilling(target, entries, List.of(sessions.get(), sessions.get()));
        return new RowsWhole(table, target, sessions.get(), refilling, entries, held);
    }
}
