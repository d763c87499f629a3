package io.tidemark.cachewriter.admin;

import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.Refreshed;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.jobs.Pace;
import io.tidemark.core.contract.EntryKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes entries right again by their keys: those of rows are read from the database under leases, those of queries
 * marked to be read, those of applications invalidated. One thread.
 */
final class Refreshing {
    private static final int AT_ONCE = 200;

    private final KeptCaches caches;
    private final Entries entries;
    private final Pace pace;
    private final Job job;

    Refreshing(KeptCaches caches, Entries entries, Pace pace, Job job) {
        this.caches = caches;
        this.entries = entries;
        this.pace = pace;
        this.job = job;
    }

    /** Whose entry a key is, for counting. */
    static String cacheOf(KeptCaches caches, String key) {
        return caches.owning(key)
                .map(KeptCache::name)
                .or(() -> caches.queries().owning(key))
                .orElseGet(() -> applicationsCache(key));
    }

    /** The name under which clients count. */
    static String applicationsCache(String key) {
        return EntryKey.cacheOf(key);
    }

    void all(List<String> keys) throws SQLException, InterruptedException {
        Map<KeptCache, List<String>> kept = new LinkedHashMap<>();
        Map<String, List<String>> queried = new LinkedHashMap<>();
        List<String> filled = new ArrayList<>();
        for (String key : keys) {
            caches.owning(key)
                    .ifPresentOrElse(
                            cache -> kept.computeIfAbsent(cache, c -> new ArrayList<>())
                                    .add(key),
                            () -> caches.queries()
                                    .owning(key)
                                    .map(name -> queried.computeIfAbsent(name, n -> new ArrayList<>()))
                                    .orElse(filled)
                                    .add(key));
        }
        for (Map.Entry<KeptCache, List<String>> of : kept.entrySet()) {
            of(of.getKey(), of.getValue());
        }
        queried.forEach((name, of) -> {
            caches.queries().keys(name, of);
            job.count(name + ".marked", of.size());
            job.looked(of.size());
        });
        for (List<String> portion : Portions.of(filled, AT_ONCE)) {
            entries.invalidate(portion);
            portion.forEach(key -> job.count(applicationsCache(key) + ".invalidated", 1));
            job.looked(portion.size());
        }
    }

    void of(KeptCache cache, List<String> keys) throws SQLException, InterruptedException {
        for (List<String> portion : Portions.of(keys, pace.portion(AT_ONCE))) {
            if (job.isCancelled()) {
                return;
            }
            count(job, cache, cache.refresh(portion));
            job.looked(portion.size());
            pace.after(portion.size(), job);
        }
    }

    static void count(Job job, KeptCache cache, Refreshed refreshed) {
        job.count(cache.name() + ".filled", refreshed.filled());
        job.count(cache.name() + ".removed", refreshed.removed());
        job.count(cache.name() + ".overtaken", refreshed.overtaken());
    }
}
