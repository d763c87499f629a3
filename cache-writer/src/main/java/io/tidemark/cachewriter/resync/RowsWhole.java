package io.tidemark.cachewriter.resync;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.table.FollowedTable;
import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.core.postgres.Row;
import io.tidemark.core.postgres.RowKeys;
import io.tidemark.core.postgres.RowPage;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A cache of row documents. What Redis holds is compared with what the database has, page by page, and only what differs is written,
 * so that Redis is asked gently; entries that expire live their whole time again. Reads a page ahead in a thread of
 * its own, {@code resync-pages}, and compares one while what differed on the last is written.
 */
final class RowsWhole implements Whole {
    private static final int AT_ONCE = 500;

    private final FollowedTable table;
    private final Target target;
    private final SourceSession pages;
    private final Refilling rows;
    private final Entries entries;
    private final Held held;
    private final ExecutorService ahead = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "resync-pages");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param pages a connection for pages
     * @param rows reads again what differs
     */
    RowsWhole(FollowedTable table, Target target, SourceSession pages, Refilling rows, Entries entries, Held held) {
        this.table = table;
        this.target = target;
        this.pages = pages;
        this.rows = rows;
        this.entries = entries;
        this.held = held;
    }

    @Override
    public long count() throws SQLException {
        return pages.run(connection -> new RowKeys(table.shape()).count(connection, Map.of()));
    }

    @Override
    public boolean exists() throws SQLException {
        List<ObjectNode> first =
                pages.run(connection -> new RowKeys(table.shape()).page(connection, Map.of(), null, 1));
        return !first.isEmpty() && held.isThere(target.entryKey(first.get(0)));
    }

    @Override
    public void readAgain(Progress progress) throws SQLException, InterruptedException {
        progress.expect(count());
        SeenKeys seen = new SeenKeys();
        PageSize size = new PageSize();
        CompletableFuture<RowPage> next = pageAfter(null, size.rows());
        while (next != null && !progress.isCancelled()) {
            RowPage page = taken(next);
            size.seen(
                    page.rows().size(),
                    page.rows().stream().mapToLong(row -> row.document().length).sum());
            next = page.next() == null ? null : pageAfter(page.next(), progress.portion(size.rows()));
            compare(page, seen, progress);
        }
        rows.finish(progress);
        if (!progress.isCancelled()) {
            removeOrphans(seen, progress);
        }
    }

    private CompletableFuture<RowPage> pageAfter(@Nullable ObjectNode after, int limit) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return pages.run(connection -> target.reader().page(connection, after, limit));
                    } catch (SQLException failure) {
                        throw new CompletionException(failure);
                    }
                },
                ahead);
    }

    private static RowPage taken(CompletableFuture<RowPage> page) throws SQLException {
        try {
            return page.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw failed;
        }
    }

    private void compare(RowPage page, SeenKeys seen, Progress progress) throws SQLException, InterruptedException {
        List<String> keys =
                page.rows().stream().map(row -> target.entryKey(row.key())).toList();
        keys.forEach(seen::add);
        BitSet right = right(keys, page.rows());
        List<String> differing = new ArrayList<>();
        List<ObjectNode> primaryKeys = new ArrayList<>();
        for (int i = right.nextClearBit(0); i < keys.size(); i = right.nextClearBit(i + 1)) {
            differing.add(keys.get(i));
            primaryKeys.add(page.rows().get(i).key());
        }
        rows.begin(differing, primaryKeys, progress);
        progress.looked(keys.size());
    }

    /** Which entries are what their rows are; those that expire have their whole time again. */
    private BitSet right(List<String> keys, List<Row> rows) {
        List<byte @Nullable []> values = held.values(target.cache().format(), keys);
        BitSet same = new BitSet(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            byte[] value = values.get(i);
            same.set(
                    i,
                    value != null
                            && target.cache().format().holds(value, rows.get(i).document()));
        }
        List<String> sameKeys = same.stream().mapToObj(keys::get).toList();
        if (target.cache().ttlMillis() == 0) {
            if (!held.allHaveMeta(sameKeys)) {
                same.clear();
            }
            return same;
        }
        List<Boolean> there = entries.prolong(target.cache().ttlMillis(), sameKeys);
        int next = 0;
        for (int i = same.nextSetBit(0); i >= 0; i = same.nextSetBit(i + 1)) {
            same.set(i, there.get(next++));
        }
        return same;
    }

    /** What is in Redis and was on no page: perhaps an orphan, perhaps a row that came meanwhile. The database says which. */
    private void removeOrphans(SeenKeys seen, Progress progress) throws SQLException {
        List<String> unknown = new ArrayList<>();
        List<ObjectNode> primaryKeys = new ArrayList<>();
        try {
            entries.scan(target.cache().key().scanPattern(), keys -> {
                for (String key : keys) {
                    if (!seen.mayContain(key)) {
                        target.cache().key().match(key).ifPresent(texts -> {
                            ObjectNode primaryKey = JsonNodeFactory.instance.objectNode();
                            texts.forEach(primaryKey::put);
                            unknown.add(key);
                            primaryKeys.add(primaryKey);
                        });
                    }
                }
                if (unknown.size() >= AT_ONCE) {
                    refreshUnchecked(unknown, primaryKeys, progress);
                    unknown.clear();
                    primaryKeys.clear();
                }
            });
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw failed;
        }
        rows.begin(unknown, primaryKeys, progress);
        rows.finish(progress);
    }

    private void refreshUnchecked(List<String> keys, List<ObjectNode> primaryKeys, Progress progress) {
        try {
            rows.begin(keys, primaryKeys, progress);
        } catch (SQLException failure) {
            throw new CompletionException(failure);
        }
    }

    @Override
    public void close() {
        ahead.shutdownNow();
        pages.close();
        rows.close();
    }
}
