package io.tidemark.cachewriter.admin;

import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.jobs.Pace;
import io.tidemark.cachewriter.jobs.RefusedException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fills what is missing of caches from the database: first what was asked for most, then row by row in the order of the
 * primary key. What is there stays as it is, so there is never less to read than before. Thread-safe.
 *
 * <p>Where a warming was interrupted is kept in Redis, beside the entries: the next one goes on there.
 */
public final class Warming {
    private static final int AT_ONCE = 200;
    private static final int MOST_ASKED = 10_000;

    private final KeptCaches.Opener caches;
    private final Keyspace keyspace;

    public Warming(KeptCaches.Opener caches, Keyspace keyspace) {
        this.caches = caches;
        this.keyspace = keyspace;
    }

    /**
     * What is wished for.
     *
     * @param caches by name; empty for all
     * @param rate rows a second at most, 0 for as fast as it goes
     * @param limit entries of each cache at most
     * @param restart whether to begin anew where an earlier one was interrupted
     */
    public record Wish(List<String> caches, long rate, long limit, boolean restart) {
        public Wish {
            caches = List.copyOf(caches);
        }
    }

    /** How many entries there would be to look at, by cache. */
    public Map<String, Long> count(Wish wish) throws SQLException {
        Map<String, Long> counts = new LinkedHashMap<>();
        try (KeptCaches open = caches.open()) {
            for (KeptCache cache : chosen(open, wish.caches())) {
                counts.put(cache.name(), Math.min(wish.limit(), cache.count()));
            }
            queries(open, wish.caches()).forEach(name -> counts.put(name, 1L));
        }
        return counts;
    }

    /** Warms. */
    public void run(Wish wish, Job job) throws SQLException, InterruptedException {
        try (KeptCaches open = caches.open()) {
            List<KeptCache> chosen = chosen(open, wish.caches());
            // Read by those who read queries, in their own pace; each counts as one here.
            for (String name : queries(open, wish.caches())) {
                open.queries().everything(name);
                job.count(name + ".marked", 1);
            }
            for (KeptCache cache : chosen) {
                job.expect(Math.min(wish.limit(), cache.count()));
            }
            Pace pace = new Pace(wish.rate());
            for (KeptCache cache : chosen) {
                if (!job.isCancelled()) {
                    warm(cache, wish, pace, job);
                }
            }
        }
    }

    private void warm(KeptCache cache, Wish wish, Pace pace, Job job) throws SQLException, InterruptedException {
        Set<String> first = new HashSet<>();
        List<String> asked = keyspace.mostAsked(cache.name(), MOST_ASKED).stream()
                .filter(cache::owns)
                .limit(wish.limit())
                .toList();
        for (List<String> portion : Portions.of(asked, pace.portion(AT_ONCE))) {
            if (job.isCancelled()) {
                return;
            }
            first.addAll(portion);
            fill(cache, portion, pace, job);
        }
        job.count(cache.name() + ".asked_first", asked.size());
        long left = wish.limit() - asked.size();
        String cursor = wish.restart() ? null : keyspace.cursor(cache.name()).orElse(null);
        if (cursor != null) {
            job.count(cache.name() + ".resumed", 1);
        }
        boolean more = left > 0;
        while (more && !job.isCancelled()) {
            KeptCache.Page page = cache.page(null, cursor, (int) Math.min(pace.portion(AT_ONCE), left));
            fill(cache, page.keys().stream().filter(key -> !first.contains(key)).toList(), pace, job);
            left -= page.keys().size();
            cursor = page.next();
            more = cursor != null && left > 0;
            keyspace.keepCursor(cache.name(), more ? cursor : null);
        }
    }

    private void fill(KeptCache cache, List<String> keys, Pace pace, Job job)
            throws SQLException, InterruptedException {
        List<Boolean> present = keyspace.present(keys);
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (!present.get(i)) {
                missing.add(keys.get(i));
            }
        }
        Refreshing.count(job, cache, cache.refresh(missing));
        job.count(cache.name() + ".were_there", keys.size() - missing.size());
        job.looked(keys.size());
        pace.after(keys.size(), job);
    }

    private static List<String> queries(KeptCaches open, List<String> names) {
        return open.queries().names().stream()
                .filter(name -> names.isEmpty() || names.contains(name))
                .toList();
    }

    /**
     * The caches of rows of these names.
     *
     * @throws RefusedException for a name that is none
     */
    static List<KeptCache> chosen(KeptCaches open, @Nullable List<String> names) {
        if (names == null || names.isEmpty()) {
            return open.all();
        }
        return names.stream()
                .filter(name -> !open.queries().has(name))
                .map(name -> open.named(name)
                        .orElseThrow(() -> new RefusedException(
                                "caches",
                                "there is no cache " + name + " in the pipeline file",
                                "use one of "
                                        + open.all().stream()
                                                .map(KeptCache::name)
                                                .toList())))
                .toList();
    }
}
