package io.tidemark.cachewriter.dependents;

import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.Keeping;
import io.tidemark.cachewriter.entries.Refreshed;
import io.tidemark.cachewriter.resync.Chosen;
import io.tidemark.cachewriter.resync.Held;
import io.tidemark.cachewriter.resync.Progress;
import io.tidemark.cachewriter.resync.SeenKeys;
import io.tidemark.cachewriter.resync.Whole;
import io.tidemark.core.pipeline.QueryCache;
import io.tidemark.core.postgres.QueryRead;
import io.tidemark.core.query.Scores;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A cache that is read from the database, read again as a whole within the same bounds on the database's load. What somebody
 * else has the lease of meanwhile is read by them. One thread at a time.
 */
final class QueryWhole implements Whole {
    private static final int INDEX_TRIES = 20;

    private final Compiled compiled;
    private final Filling filling;
    private final DatabaseLoad database;
    private final Entries entries;
    private final DueStore store;
    private final Held held;
    private final InstantSource clock;

    QueryWhole(
            Compiled compiled,
            Filling filling,
            DatabaseLoad database,
            Entries entries,
            DueStore store,
            Held held,
            InstantSource clock) {
        this.compiled = compiled;
        this.filling = filling;
        this.database = database;
        this.entries = entries;
        this.store = store;
        this.held = held;
        this.clock = clock;
    }

    @Override
    public long count() throws SQLException, InterruptedException {
        return database.run(connection -> compiled.reader().count(connection));
    }

    @Override
    public boolean exists() throws SQLException, InterruptedException {
        QueryCache.Index index = compiled.cache().index();
        if (index != null) {
            return held.isThere(index.key());
        }
        List<List<String>> first = database.run(connection -> compiled.reader().keys(connection, null, 1));
        return !first.isEmpty() && held.isThere(compiled.render(first.get(0)));
    }

    @Override
    public void readAgain(Progress progress) throws SQLException, InterruptedException {
        long count = count();
        progress.expect(count);
        filling.rememberAll();
        boolean list = compiled.cache().key().columns().isEmpty();
        SeenKeys seen = new SeenKeys();
        @Nullable List<String> after = null;
        boolean more = true;
        while (more && !progress.isCancelled()) {
            @Nullable List<String> from = after;
            int limit = progress.portion(database.settings().rowsPerQuery());
            List<List<String>> keys =
                    database.run(connection -> compiled.reader().keys(connection, from, limit));
            keys.forEach(key -> seen.add(compiled.render(key)));
            read(keys, progress);
            // A list is one entry of as many rows as the query gives.
            progress.looked(list ? count : keys.size());
            more = keys.size() == limit && !list;
            after = keys.isEmpty() ? null : keys.get(keys.size() - 1);
        }
        if (!progress.isCancelled()) {
            removeOrphans(seen, progress);
            String stamp = compiled.cache().stamp();
            if (stamp != null) {
                store.stamp(
                        stamp, clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
            }
        }
    }

    @Override
    public boolean canHold(String key) {
        return compiled.match(key).isPresent();
    }

    @Override
    public void readAgain(Chosen chosen, Progress progress) throws SQLException, InterruptedException {
        if (!(chosen instanceof Chosen.Keys some) || compiled.cache().index() != null) {
            throw new IllegalArgumentException(
                    "BUG: " + chosen + " of cache " + compiled.cache().name() + " was not refused");
        }
        progress.expect(some.keys().size());
        List<List<String>> keys = some.keys().stream()
                .flatMap(key -> compiled.match(key).stream())
                .toList();
        for (int from = 0; from < keys.size() && !progress.isCancelled(); ) {
            int to = Math.min(
                    keys.size(), from + progress.portion(database.settings().rowsPerQuery()));
            read(keys.subList(from, to), progress);
            progress.looked(to - from);
            from = to;
        }
    }

    private void removeOrphans(SeenKeys seen, Progress progress) throws SQLException, InterruptedException {
        List<List<String>> unknown = new ArrayList<>();
        Consumer<List<String>> portion =
                keys -> keys.stream().filter(key -> !seen.mayContain(key)).forEach(key -> compiled.match(key)
                        .ifPresent(unknown::add));
        QueryCache.Index index = compiled.cache().index();
        if (index != null) {
            store.indexMembers(index.key(), portion);
        } else if (!compiled.cache().key().columns().isEmpty()) {
            entries.scan(compiled.cache().key().scanPattern(), portion);
        }
        int atOnce = database.settings().rowsPerQuery();
        for (int from = 0; from < unknown.size() && !progress.isCancelled(); from += atOnce) {
            read(unknown.subList(from, Math.min(unknown.size(), from + atOnce)), progress);
        }
    }

    private void read(List<List<String>> keys, Progress progress) throws SQLException, InterruptedException {
        if (keys.isEmpty()) {
            return;
        }
        if (compiled.cache().index() != null) {
            readMembers(compiled.cache().index(), keys, progress);
            return;
        }
        List<List<String>> differing = differing(keys);
        if (differing.isEmpty()) {
            return;
        }
        List<String> names = differing.stream().map(compiled::render).toList();
        String token = UUID.randomUUID().toString();
        entries.lease(token, names);
        QueryRead read = database.run(connection -> compiled.reader().read(connection, differing));
        progress.wrote(Refreshed.of(entries.fill(
                token, read.horizonLsn(), Keeping.of(compiled.cache()), names, documents(read, progress))));
    }

    /** Those of which Redis holds something else than the query gives; the others have their whole time to live again. */
    private List<List<String>> differing(List<List<String>> keys) throws SQLException, InterruptedException {
        QueryRead read = database.run(connection -> compiled.reader().read(connection, keys));
        List<String> names = keys.stream().map(compiled::render).toList();
        List<byte @Nullable []> values = held.values(compiled.cache().format(), names);
        List<List<String>> differing = new ArrayList<>();
        List<String> right = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            QueryRead.Found found = read.found().get(i);
            boolean same = found.refusal() == null && same(found.document(), values.get(i));
            if (!same) {
                differing.add(keys.get(i));
            } else if (found.document() != null) {
                right.add(names.get(i));
            }
        }
        return isKept(right) ? differing : keys;
    }

    /** Whether entries that are right are whole; one that expires has its whole time to live again. */
    private boolean isKept(List<String> names) {
        long ttl = compiled.cache().ttlMillis();
        return ttl > 0 ? !entries.prolong(ttl, names).contains(false) : held.allHaveMeta(names);
    }

    private boolean same(byte @Nullable [] document, byte @Nullable [] value) {
        return document == null || value == null
                ? document == value
                : compiled.cache().format().holds(value, document);
    }

    private static List<byte @Nullable []> documents(QueryRead read, Progress progress) {
        List<byte @Nullable []> documents = new ArrayList<>();
        for (QueryRead.Found found : read.found()) {
            documents.add(found.document());
            if (found.refusal() != null) {
                progress.refused(found.refusal());
            }
        }
        return documents;
    }

    /** All members lie under one lease, which whoever reads changes takes too: tried again until it was kept. */
    private void readMembers(QueryCache.Index index, List<List<String>> keys, Progress progress)
            throws SQLException, InterruptedException {
        List<String> members = keys.stream().map(compiled::render).toList();
        for (int i = 0; i < INDEX_TRIES; i++) {
            String token = UUID.randomUUID().toString();
            entries.lease(token, List.of(index.key()));
            QueryRead read = database.run(connection -> compiled.reader().read(connection, keys));
            List<@Nullable String> scores = new ArrayList<>();
            for (byte @Nullable [] document : documents(read, progress)) {
                scores.add(document == null ? null : Scores.of(new String(document, StandardCharsets.UTF_8)));
            }
            if (store.index(index.key(), token, members, scores)) {
                long gone = scores.stream().filter(score -> score == null).count();
                progress.wrote(new Refreshed(members.size() - gone, gone, 0));
                return;
            }
        }
        progress.wrote(new Refreshed(0, 0, members.size()));
    }

    @Override
    public void close() {
        // Its connections are the refreshers'.
    }
}
