package io.tidemark.cachewriter.dependents;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.dependents.DueStore.Due;
import io.tidemark.cachewriter.dependents.DueStore.Manner;
import io.tidemark.cachewriter.dependents.DueStore.Memory;
import io.tidemark.cachewriter.dependents.DueStore.Taken;
import io.tidemark.cachewriter.dependents.Namings.OfCache;
import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.table.Tables;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.QueryCache;
import io.tidemark.core.postgres.RowsRead;
import io.tidemark.core.postgres.SqlFailures;
import io.tidemark.core.postgres.TableShape;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is due of one cache: finds the keys that rows are for, and reads keys again. One thread at a time; its lock in
 * Redis keeps other cache-writers off, and leases keep right what it writes should it lose the lock.
 */
final class CacheWork {
    private static final Logger LOG = LoggerFactory.getLogger(CacheWork.class);
    private static final int AT_ONCE = 2_000;
    private static final long WORKER_MILLIS = 5_000;
    private static final long AGAIN_MILLIS = 200;
    private static final long LONGEST_AGAIN_MILLIS = 5_000;
    private static final int TRIES_BEFORE_ALL_GO = 3;

    private final QueryCache cache;
    private final Namings namings;
    private final Tables tables;
    private final DatabaseLoad database;
    private final Entries entries;
    private final DueStore store;
    private final RefreshStats stats;
    private final InstantSource clock;
    private final Refill refill;
    private final String worker;
    private @Nullable Compiled compiled;
    private long lastBeganMillis = Long.MIN_VALUE / 2;
    private int failuresInARow;

    /** @param worker names this cache-writer */
    CacheWork(
            QueryCache cache,
            Namings namings,
            Tables tables,
            DatabaseLoad database,
            Entries entries,
            DueStore store,
            RefreshStats stats,
            InstantSource clock,
            String worker) {
        this.cache = cache;
        this.namings = namings;
        this.tables = tables;
        this.database = database;
        this.entries = entries;
        this.store = store;
        this.stats = stats;
        this.clock = clock;
        this.refill = new Refill(database, entries, store, stats, clock);
        this.worker = worker;
    }

    QueryCache cache() {
        return cache;
    }

    RefreshStats stats() {
        return stats;
    }

    /**
     * Does some of what is due.
     *
     * @return in how many milliseconds to look again; negative when there is nothing to wait for
     */
    long work() throws InterruptedException {
        Taken taken = store.take(cache.name(), worker, WORKER_MILLIS, AT_ONCE);
        stats.waiting(taken.waiting());
        if (!taken.mine() || taken.due().isEmpty()) {
            return taken.mine() ? taken.nextMillis() : Math.min(1_000, Math.max(20, taken.nextMillis()));
        }
        try {
            Compiled now = compiled();
            if (now == null) {
                return AGAIN_MILLIS;
            }
            work(now, taken.due());
            failuresInARow = 0;
            return 0;
        } catch (SQLException failure) {
            return failed(failure);
        }
    }

    private @Nullable Compiled compiled() throws SQLException, InterruptedException {
        Map<TableId, TableShape> shapes = Compiled.shapesOf(cache, tables).orElse(null);
        if (shapes == null) {
            return null;
        }
        Compiled known = compiled;
        if (known == null || !known.fingerprint().equals(Compiled.fingerprint(cache, shapes))) {
            known = Compiled.of(cache, shapes, database);
            compiled = known;
        }
        return known;
    }

    private void work(Compiled now, List<Due> due) throws SQLException, InterruptedException {
        Map<List<String>, Due> keys = new LinkedHashMap<>();
        Map<Member.Row, Due> rows = new LinkedHashMap<>();
        Map<Member.Asked, Due> asked = new LinkedHashMap<>();
        List<Due> everything = new ArrayList<>();
        List<Due> nothing = new ArrayList<>();
        for (Due one : due) {
            Optional<Member> member = Member.parse(one.member());
            if (member.isEmpty()) {
                nothing.add(one);
            } else if (member.get() instanceof Member.Key key
                    && key.texts().size() == now.reader().keyTypes().size()) {
                keys.put(key.texts(), one);
            } else if (member.get() instanceof Member.Asked question) {
                asked.put(question, one);
            } else if (member.get() instanceof Member.Row row) {
                rows.put(row, one);
            } else if (member.get() instanceof Member.All) {
                everything.add(one);
            } else {
                nothing.add(one);
            }
        }
        store.done(cache.name(), nothing);
        if (!everything.isEmpty()) {
            new Filling(now, namings, database, entries, store).markAll();
            store.done(cache.name(), everything);
            LOG.info("cache {} is read anew from the database", cache.name());
        }
        readRows(now, rows);
        ask(now, asked);
        readKeys(now, keys);
    }

    private void readRows(Compiled now, Map<Member.Row, Due> rows) throws SQLException, InterruptedException {
        for (Map.Entry<Member.Row, Due> one : rows.entrySet()) {
            TableShape shape = now.shapes().get(one.getKey().table());
            for (OfCache naming : shape == null ? List.<OfCache>of() : namings.of(shape)) {
                if (naming.cache().name().equals(cache.name())) {
                    readRow(naming, one.getKey().primaryKey());
                }
            }
            store.done(cache.name(), List.of(one.getValue()));
        }
    }

    private void readRow(OfCache naming, ObjectNode primaryKey) throws SQLException, InterruptedException {
        stats.query();
        RowsRead read = database.run(connection -> naming.reader().read(connection, List.of(primaryKey)));
        byte[] document = read.documents().get(0);
        if (document != null) {
            List<String> names = naming.members(Filling.tree(document));
            store.remember(List.of(new Memory(naming.memoryOf(primaryKey), null, 0, names)));
            store.mark(cache.name(), Manner.FIRST, 0, names);
        }
    }

    private void ask(Compiled now, Map<Member.Asked, Due> asked) throws SQLException, InterruptedException {
        Map<String, Map<Member.Asked, Due>> byQuestion = new LinkedHashMap<>();
        asked.forEach((question, due) -> byQuestion
                .computeIfAbsent(question.table() + "#" + question.question(), q -> new LinkedHashMap<>())
                .put(question, due));
        for (Map<Member.Asked, Due> same : byQuestion.values()) {
            Member.Asked first = same.keySet().iterator().next();
            TableShape shape = now.shapes().get(first.table());
            OfCache naming = shape == null
                    ? null
                    : namings.of(shape).stream()
                            .filter(one -> one.cache().name().equals(cache.name()))
                            .findFirst()
                            .orElse(null);
            List<List<@Nullable String>> rows =
                    same.keySet().stream().map(Member.Asked::parameters).toList();
            if (naming != null && first.question() < naming.naming().asked().size()) {
                stats.query();
                database.run(connection -> {
                    naming.naming().asked().get(first.question()).keys().read(connection, rows, this::markKeys);
                    return true;
                });
            }
            store.done(cache.name(), List.copyOf(same.values()));
        }
    }

    private void markKeys(List<List<String>> keys) {
        store.mark(
                cache.name(),
                Manner.FIRST,
                0,
                keys.stream().map(key -> new Member.Key(key).toString()).toList());
    }

    private void readKeys(Compiled now, Map<List<String>, Due> keys) throws SQLException, InterruptedException {
        if (keys.isEmpty()) {
            return;
        }
        long sinceLast = clock.millis() - lastBeganMillis;
        long every = cache.pace().every().toMillis();
        if (sinceLast >= 0 && sinceLast < every) {
            store.mark(
                    cache.name(),
                    Manner.LATER,
                    every - sinceLast,
                    keys.values().stream().map(Due::member).toList());
            return;
        }
        lastBeganMillis = clock.millis();
        Map<List<String>, Due> portion = new LinkedHashMap<>();
        for (Map.Entry<List<String>, Due> one : keys.entrySet()) {
            portion.put(one.getKey(), one.getValue());
            if (portion.size() == database.settings().rowsPerQuery()) {
                refill.keys(now, portion);
                portion = new LinkedHashMap<>();
            }
        }
        if (!portion.isEmpty()) {
            refill.keys(now, portion);
        }
        if (refill.isAllRight()) {
            stats.good();
        }
        String stamp = cache.stamp();
        if (stamp != null) {
            store.stamp(stamp, clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        }
    }

    /** The server is away, or it is not known which keys are touched. What is known to be touched is not there already. */
    private long failed(SQLException failure) {
        failuresInARow++;
        String why = SqlFailures.text(failure);
        if (!why.equals(stats.problem())) {
            LOG.warn("cache {}: what changes have touched cannot be read, tried again: {}", cache.name(), why);
        }
        stats.failed(why);
        if (failuresInARow == TRIES_BEFORE_ALL_GO) {
            LOG.warn(
                    "cache {}: nobody knows which entries are still right; all are removed until it is known",
                    cache.name());
            removeAll();
            store.mark(cache.name(), Manner.FIRST, 0, List.of(Member.EVERYTHING));
        }
        return Math.min(LONGEST_AGAIN_MILLIS, AGAIN_MILLIS << Math.min(10, failuresInARow));
    }

    private void removeAll() {
        if (cache.index() == null) {
            entries.scan(
                    cache.key().scanPattern(),
                    keys -> entries.invalidate(keys.stream()
                            .filter(key -> cache.key().match(key).isPresent())
                            .toList()));
        }
    }
}
