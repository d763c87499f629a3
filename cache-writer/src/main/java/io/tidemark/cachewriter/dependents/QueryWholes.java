package io.tidemark.cachewriter.dependents;

import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.resync.Held;
import io.tidemark.cachewriter.resync.Whole;
import io.tidemark.cachewriter.table.Tables;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.QueryCache;
import io.tidemark.core.postgres.TableShape;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens caches that are read from the database, of tables as they are shaped now. Thread-safe. */
public final class QueryWholes {
    private final Namings namings;
    private final Tables tables;
    private final DatabaseLoad database;
    private final Entries entries;
    private final DueStore store;
    private final Held held;
    private final InstantSource clock;

    public QueryWholes(
            Namings namings,
            Tables tables,
            DatabaseLoad database,
            Entries entries,
            DueStore store,
            Held held,
            InstantSource clock) {
        this.namings = namings;
        this.tables = tables;
        this.database = database;
        this.entries = entries;
        this.store = store;
        this.held = held;
        this.clock = clock;
    }

    /** Opens one; null when there is none of that name. */
    public @Nullable Whole open(String name) throws SQLException, InterruptedException {
        QueryCache cache = namings.caches().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElse(null);
        if (cache == null) {
            return null;
        }
        Map<TableId, TableShape> shapes = Compiled.shapesOf(cache, tables)
                .orElseThrow(() -> new SQLException("the tables of cache " + name + " are not known yet"));
        Compiled compiled = Compiled.of(cache, shapes, database);
        return new QueryWhole(
                compiled,
                new Filling(compiled, namings, database, entries, store),
                database,
                entries,
                store,
                held,
                clock);
    }
}
