package io.tidemark.cachewriter.dependents;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.cachewriter.dependents.DueStore.Due;
import io.tidemark.cachewriter.dependents.DueStore.Manner;
import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.FillResult;
import io.tidemark.cachewriter.entries.Keeping;
import io.tidemark.core.pipeline.QueryCache;
import io.tidemark.core.postgres.QueryRead;
import io.tidemark.core.postgres.SqlFailures;
import io.tidemark.core.query.Scores;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads keys of one cache again, under leases. One thread at a time.
 *
 * <p>A key whose read fails loses its value at once, stays due and is tried again later: what is there is never older than
 * what somebody could have known.
 */
final class Refill {
    private static final Logger LOG = LoggerFactory.getLogger(Refill.class);
    private static final long RETRY_MILLIS = 2_000;
    private static final int MOST_NOTED = 10_000;

    private final DatabaseLoad database;
    private final Entries entries;
    private final DueStore store;
    private final RefreshStats stats;
    private final InstantSource clock;
    private final Set<List<String>> notRight = new HashSet<>();

    Refill(DatabaseLoad database, Entries entries, DueStore store, RefreshStats stats, InstantSource clock) {
        this.database = database;
        this.entries = entries;
        this.store = store;
        this.stats = stats;
        this.clock = clock;
    }

    /**
     * Reads keys and writes what they are now.
     *
     * @throws SQLException when the server is away: nothing further can be read
     */
    void keys(Compiled compiled, Map<List<String>, Due> keys) throws SQLException, InterruptedException {
        try {
            read(compiled, keys);
        } catch (SQLException failure) {
            if (SqlFailures.isOfAValue(failure) && keys.size() > 1) {
                // One key is in the way of all others: come close to it by halves.
                keys(compiled, part(keys, 0, keys.size() / 2));
                keys(compiled, part(keys, keys.size() / 2, keys.size()));
                return;
            }
            failed(compiled, keys, failure);
            if (SqlFailures.isOfTheServer(failure)) {
                throw failure;
            }
        }
    }

    /** Whether every key that was read is as it should be, or was read again since. */
    boolean isAllRight() {
        return notRight.isEmpty();
    }

    private static Map<List<String>, Due> part(Map<List<String>, Due> keys, int from, int to) {
        Map<List<String>, Due> part = new LinkedHashMap<>();
        keys.entrySet().stream().skip(from).limit(to - from).forEach(one -> part.put(one.getKey(), one.getValue()));
        return part;
    }

    private void read(Compiled compiled, Map<List<String>, Due> keys) throws SQLException, InterruptedException {
        QueryCache cache = compiled.cache();
        List<List<String>> texts = new ArrayList<>(keys.keySet());
        List<String> names = texts.stream().map(compiled::render).toList();
        String token = UUID.randomUUID().toString();
        entries.lease(
                token, cache.index() == null ? names : List.of(cache.index().key()));
        stats.query();
        QueryRead read = database.run(connection -> compiled.reader().read(connection, texts));
        notRight.removeAll(texts);
        List<byte @Nullable []> documents = new ArrayList<>(names.size());
        for (int i = 0; i < texts.size(); i++) {
            QueryRead.Found found = read.found().get(i);
            documents.add(found.document());
            refuse(cache, texts.get(i), found);
        }
        List<Due> done = new ArrayList<>();
        List<Due> all = new ArrayList<>(keys.values());
        if (cache.index() != null) {
            if (store.index(cache.index().key(), token, names, scores(documents))) {
                done.addAll(all);
            }
        } else {
            List<FillResult> results = entries.fill(token, read.horizonLsn(), Keeping.of(cache), names, documents);
            for (int i = 0; i < results.size(); i++) {
                if (results.get(i) != FillResult.REFUSED) {
                    done.add(all.get(i));
                }
            }
        }
        store.done(cache.name(), done);
        stats.read(done.size(), clock.instant());
    }

    private void refuse(QueryCache cache, List<String> key, QueryRead.Found found) {
        String refusal = found.refusal();
        if (refusal != null) {
            note(Set.of(key));
            if (!refusal.equals(stats.problem())) {
                LOG.warn("cache {}: an entry is refused and not there: {}", cache.name(), refusal);
            }
            stats.refused(refusal);
        }
    }

    private void note(Set<List<String>> keys) {
        if (notRight.size() < MOST_NOTED) {
            notRight.addAll(keys);
        }
    }

    private static List<@Nullable String> scores(List<byte @Nullable []> documents) {
        List<@Nullable String> scores = new ArrayList<>(documents.size());
        for (byte @Nullable [] document : documents) {
            scores.add(document == null ? null : Scores.of(new String(document, UTF_8)));
        }
        return scores;
    }

    private void failed(Compiled compiled, Map<List<String>, Due> keys, SQLException failure) {
        QueryCache cache = compiled.cache();
        String why = SqlFailures.text(failure);
        if (!why.equals(stats.problem())) {
            LOG.warn(
                    "cache {}: {} entries cannot be read again, so they are not there until they can: {}",
                    cache.name(),
                    keys.size(),
                    why);
        }
        stats.failed(why);
        note(keys.keySet());
        List<String> names = keys.keySet().stream().map(compiled::render).toList();
        if (cache.index() == null) {
            entries.invalidate(names);
        } else {
            String token = UUID.randomUUID().toString();
            entries.lease(token, List.of(cache.index().key()));
            List<@Nullable String> none = new ArrayList<>();
            names.forEach(name -> none.add(null));
            store.index(cache.index().key(), token, names, none);
        }
        store.mark(
                cache.name(),
                Manner.LATER,
                RETRY_MILLIS,
                keys.values().stream().map(Due::member).toList());
    }
}
