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
import io.tidemark.core.postgres.RowsRead;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A cache of row documents. What Redis holds is compared with what the database has, page by page, and only what differs is written,
 * so that Redis is asked gently; entries that expire live their whole time again. Reads a page ahead in a thread of
 * its own, {@code resync-pages}, and compares one while what differed on the last is written. While Redis holds nothing of a page, the
 * next ones are read as keys alone: what is not there is read under leases anyway.
 */
final class RowsWhole implements Whole {
    private static final int AT_ONCE = 500;

    private final FollowedTable table;
    private final Target target;
    private final SourceSession pages;
    private final Refilling rows;
    private final Entries entries;
    private final Held held;
    private final Comparing comparing;
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
        this.comparing = new Comparing(target, entries, held);
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
    public boolean canHold(String key) {
        return target.cache().key().match(key).isPresent();
    }

    @Override
    public void readAgain(Progress progress) throws SQLException, InterruptedException {
        progress.expect(count());
        SeenKeys seen = new SeenKeys();
        read(this::page, seen, progress);
        if (!progress.isCancelled()) {
            removeOrphans(seen, key -> true, progress);
        }
    }

    @Override
    public void readAgain(Chosen chosen, Progress progress) throws SQLException, InterruptedException {
        if (chosen instanceof Chosen.Range range) {
            readAgain(range, progress);
        } else if (chosen instanceof Chosen.Keys some) {
            progress.expect(some.keys().size());
            new ByKeys(target, pages, comparing, rows)
                    .readAgain(some.keys(), progress, (asked, found) -> progress.looked(found));
        }
    }

    private void readAgain(Chosen.Range range, Progress progress) throws SQLException, InterruptedException {
        ObjectNode last = Chosen.Range.key(range.column(), range.last());
        SeenKeys seen = new SeenKeys();
        read(
                (after, limit, ofKeys) -> {
                    long before = after == null ? 0 : after.path(range.column()).asLong();
                    if (after != null && before >= range.last()) {
                        return null;
                    }
                    ObjectNode from = Chosen.Range.key(range.column(), after == null ? range.first() : before + 1);
                    return connection -> Page.of(target.reader().between(connection, from, last, limit));
                },
                seen,
                progress);
        if (!progress.isCancelled()) {
            removeOrphans(seen, key -> range.has(target.cache().key(), key), progress);
        }
    }

    /**
     * Some rows of the table.
     *
     * @param documents what each row gives; null on a page of keys
     * @param next the key to read on after; null when the table had no further row
     */
    private record Page(
            List<ObjectNode> primaryKeys,
            @Nullable List<byte @Nullable []> documents,
            @Nullable ObjectNode next) {
        static Page of(RowPage page) {
            List<byte @Nullable []> documents = new ArrayList<>();
            page.rows().forEach(row -> documents.add(row.document()));
            return new Page(page.rows().stream().map(Row::key).toList(), documents, page.next());
        }

        static Page of(List<ObjectNode> keys, int limit) {
            return new Page(keys, null, keys.size() < limit ? null : keys.get(keys.size() - 1));
        }
    }

    /** How the page after a row is read; null where that is the last one. */
    @FunctionalInterface
    private interface Paging {
        SourceSession.@Nullable Work<Page> after(@Nullable ObjectNode after, int limit, boolean ofKeys);
    }

    private SourceSession.Work<Page> page(@Nullable ObjectNode after, int limit, boolean ofKeys) {
        return connection -> ofKeys
                ? Page.of(new RowKeys(table.shape()).page(connection, Map.of(), after, limit), limit)
                : Page.of(target.reader().page(connection, after, limit));
    }

    private void read(Paging paging, SeenKeys seen, Progress progress) throws SQLException, InterruptedException {
        PageSize size = new PageSize();
        boolean nothingHeld = false;
        CompletableFuture<Page> next = ahead(paging.after(null, progress.portion(size.rows()), false));
        while (next != null && !progress.isCancelled()) {
            Page page = taken(next);
            if (page.documents() != null) {
                long bytes = page.documents().stream()
                        .mapToLong(document -> document == null ? 0 : document.length)
                        .sum();
                size.seen(page.documents().size(), bytes);
            }
            next = page.next() == null
                    ? null
                    : ahead(paging.after(page.next(), progress.portion(size.rows()), nothingHeld));
            nothingHeld = compare(page, seen, progress);
            if (size.isOfOneRow()) {
                // One of so large rows at a time is enough for the memory.
                rows.finish(progress);
            }
        }
        rows.finish(progress);
    }

    private <T> @Nullable CompletableFuture<T> ahead(SourceSession.@Nullable Work<T> work) {
        if (work == null) {
            return null;
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return pages.run(work);
                    } catch (SQLException failure) {
                        throw new CompletionException(failure);
                    }
                },
                ahead);
    }

    private static <T> T taken(CompletableFuture<T> work) throws SQLException {
        try {
            return work.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw failed;
        }
    }

    /** Begins to read again what differs, and says whether Redis held nothing of the page. */
    private boolean compare(Page page, SeenKeys seen, Progress progress) throws SQLException, InterruptedException {
        List<String> keys = page.primaryKeys().stream().map(target::entryKey).toList();
        keys.forEach(seen::add);
        BitSet right = page.documents() == null ? rightOfHeld(page, keys) : comparing.right(keys, page.documents());
        boolean nothingHeld = right.isEmpty() && comparing.held(keys).isEmpty();
        List<String> differing = new ArrayList<>();
        List<ObjectNode> primaryKeys = new ArrayList<>();
        for (int i = right.nextClearBit(0); i < keys.size(); i = right.nextClearBit(i + 1)) {
            differing.add(keys.get(i));
            primaryKeys.add(page.primaryKeys().get(i));
        }
        rows.begin(differing, primaryKeys, progress);
        progress.looked(keys.size());
        return nothingHeld;
    }

    /** Which entries are right of a page of keys: rows are read for those alone that Redis holds something of. */
    private BitSet rightOfHeld(Page page, List<String> keys) throws SQLException {
        BitSet held = comparing.held(keys);
        BitSet right = new BitSet(keys.size());
        if (held.isEmpty()) {
            return right;
        }
        List<ObjectNode> theirs =
                held.stream().mapToObj(page.primaryKeys()::get).toList();
        SourceSession.Work<RowsRead> reading = connection -> target.reader().read(connection, theirs);
        RowsRead read = taken(Objects.requireNonNull(ahead(reading)));
        BitSet rightOfTheirs = comparing.right(held.stream().mapToObj(keys::get).toList(), read.documents());
        int next = 0;
        for (int i = held.nextSetBit(0); i >= 0; i = held.nextSetBit(i + 1)) {
            right.set(i, rightOfTheirs.get(next++));
        }
        return right;
    }

    /** What is in Redis and was on no page: perhaps an orphan, perhaps a row that came meanwhile. The database says which. */
    private void removeOrphans(SeenKeys seen, Predicate<String> isAsked, Progress progress) throws SQLException {
        List<String> unknown = new ArrayList<>();
        List<ObjectNode> primaryKeys = new ArrayList<>();
        try {
            entries.scan(target.cache().key().scanPattern(), keys -> {
                for (String key : keys) {
                    if (!seen.mayContain(key) && isAsked.test(key)) {
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
