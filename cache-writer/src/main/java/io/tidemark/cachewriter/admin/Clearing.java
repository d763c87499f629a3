package io.tidemark.cachewriter.admin;

import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.jobs.Pace;
import io.tidemark.cachewriter.jobs.RefusedException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Clears caches without leaving a hole. Entries that cache-writer keeps are read from the database again in place, what the
 * database does not have goes, what Redis did not have comes; entries that applications fill are invalidated. Thread-safe.
 */
public final class Clearing {
    private static final int AT_ONCE = 200;

    private final KeptCaches.Opener caches;
    private final Keyspace keyspace;
    private final Entries entries;

    public Clearing(KeptCaches.Opener caches, Keyspace keyspace, Entries entries) {
        this.caches = caches;
        this.keyspace = keyspace;
        this.entries = entries;
    }

    /**
     * What is wished for.
     *
     * @param caches by name, those of applications among them
     * @param all whether every cache is meant
     * @param rate rows a second at most, 0 for as fast as it goes
     */
    public record Wish(Set<String> caches, boolean all, long rate) {
        public Wish {
            caches = Set.copyOf(caches);
            if (caches.isEmpty() && !all) {
                throw new RefusedException(
                        "caches",
                        "it is not said which caches are to be cleared",
                        "name them as caches, or say all: true for every one");
            }
        }

        boolean means(String cache) {
            return all || caches.contains(cache);
        }
    }

    /** How many entries there are to clear, by cache. */
    public Map<String, Long> count(Wish wish) {
        Map<String, Long> counts = new LinkedHashMap<>();
        wish.caches().forEach(cache -> counts.put(cache, 0L));
        try (KeptCaches open = caches.open()) {
            keyspace.entries(portion -> meant(open, wish, portion)
                    .forEach(key -> counts.merge(Refreshing.cacheOf(open, key), 1L, Long::sum)));
        }
        return counts;
    }

    /** Clears: first what Redis has, in place, then what only the database has. */
    public void run(Wish wish, Job job) throws SQLException, InterruptedException {
        try (KeptCaches open = caches.open()) {
            Refreshing refreshing = new Refreshing(open, entries, new Pace(wish.rate()), job);
            List<KeptCache> kept = open.all().stream()
                    .filter(cache -> wish.means(cache.name()))
                    .toList();
            for (KeptCache cache : kept) {
                job.expect(2 * cache.count());
            }
            Portions.walk(keyspace::entries, job, portion -> refreshing.all(meant(open, wish, portion)));
            for (KeptCache cache : kept) {
                fillMissing(cache, refreshing, job);
            }
            for (String name : open.queries().names()) {
                if (wish.means(name)) {
                    open.queries().everything(name);
                }
            }
        }
    }

    /** A deleted row leaves its fence for a while, which is no entry to clear. */
    private List<String> meant(KeptCaches open, Wish wish, List<String> portion) {
        List<String> keys = portion.stream()
                .distinct()
                .filter(key -> wish.means(Refreshing.cacheOf(open, key)))
                .toList();
        List<Boolean> present = keyspace.present(keys);
        List<String> meant = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (present.get(i) || open.owning(keys.get(i)).isEmpty()) {
                meant.add(keys.get(i));
            }
        }
        return meant;
    }

    private void fillMissing(KeptCache cache, Refreshing refreshing, Job job)
            throws SQLException, InterruptedException {
        String after = null;
        do {
            KeptCache.Page page = cache.page(null, after, AT_ONCE);
            List<Boolean> present = keyspace.present(page.keys());
            List<String> missing = new ArrayList<>();
            for (int i = 0; i < present.size(); i++) {
                if (!present.get(i)) {
                    missing.add(page.keys().get(i));
                }
            }
            refreshing.of(cache, missing);
            job.looked(page.keys().size() - missing.size());
            after = page.next();
        } while (after != null && !job.isCancelled());
    }
}
