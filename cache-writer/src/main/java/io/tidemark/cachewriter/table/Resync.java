package io.tidemark.cachewriter.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.entries.Keeping;
import io.tidemark.cachewriter.stats.WriterStats;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.postgres.Row;
import io.tidemark.core.postgres.RowPage;
import io.tidemark.core.postgres.RowsRead;
import io.tidemark.core.postgres.ShapeChangedException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills every entry of a cache anew from the database, under leases, page by page: an ALTER TABLE changes every row without
 * a change for any, and so does another format in the pipeline file. Requests may come from any thread; one thread does the work.
 *
 * <p>A change that comes in between voids the lease of its entry and says itself what that is. A row that is gone is none
 * of this: its delete comes as a change.
 */
public final class Resync {
    private static final Logger LOG = LoggerFactory.getLogger(Resync.class);
    private static final int ROWS_AT_ONCE = 200;

    private final Tables tables;
    private final SourceSession source;
    private final Entries entries;
    private final ShapeMemory memory;
    private final WriterStats stats;
    private final Deque<Cache> waiting = new ArrayDeque<>();

    /** @param source for the working thread alone */
    public Resync(Tables tables, SourceSession source, Entries entries, ShapeMemory memory, WriterStats stats) {
        this.tables = tables;
        this.source = source;
        this.entries = entries;
        this.memory = memory;
        this.stats = stats;
    }

    /** Asks for a cache; one that waits already is not asked for twice. */
    public void request(Cache cache) {
        synchronized (waiting) {
            if (waiting.stream().noneMatch(other -> other.name().equals(cache.name()))) {
                waiting.add(cache);
            }
        }
    }

    /** How many caches wait. */
    public int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    /** Does what waits; what fails waits for the next call. */
    public void work() {
        for (Cache cache = first(); cache != null; cache = first()) {
            try {
                String fingerprint = fill(cache);
                memory.remember(cache.name(), fingerprint);
                stats.resynced();
                synchronized (waiting) {
                    waiting.remove(cache);
                }
            } catch (SQLException | EntriesException | ShapeChangedException failure) {
                LOG.warn("cache {} is not filled anew yet, tried again soon: {}", cache.name(), failure.getMessage());
                return;
            }
        }
    }

    private @Nullable Cache first() {
        synchronized (waiting) {
            return waiting.peek();
        }
    }

    private String fill(Cache cache) throws SQLException {
        FollowedTable table = tables.of(cache.table())
                .orElseThrow(() -> new SQLException("table " + cache.table() + " is not there"));
        Target target = table.targets().stream()
                .filter(one -> one.cache().name().equals(cache.name()))
                .findFirst()
                .orElseThrow();
        LOG.info("cache {} is filled anew from table {}", cache.name(), cache.table());
        long filled = 0;
        ObjectNode after = null;
        do {
            ObjectNode from = after;
            RowPage page = source.run(connection -> target.reader().page(connection, from, ROWS_AT_ONCE));
            fill(target, page.rows().stream().map(Row::key).toList());
            filled += page.rows().size();
            after = page.next();
        } while (after != null);
        LOG.info("cache {} is filled anew: {} rows", cache.name(), filled);
        return target.fingerprint();
    }

    /** The rows are read once more, now that the leases are taken: before that, nobody would void a stale fill. */
    private void fill(Target target, List<ObjectNode> primaryKeys) throws SQLException {
        if (primaryKeys.isEmpty()) {
            return;
        }
        String token = UUID.randomUUID().toString();
        List<String> keys = primaryKeys.stream().map(target::entryKey).toList();
        entries.lease(token, keys);
        RowsRead rows = source.run(connection -> target.reader().read(connection, primaryKeys));
        entries.fill(token, rows.horizonLsn(), Keeping.of(target.cache()), keys, rows.documents());
    }
}
