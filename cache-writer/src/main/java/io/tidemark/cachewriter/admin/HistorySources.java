package io.tidemark.cachewriter.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.cachewriter.dependents.RefreshStats;
import io.tidemark.cachewriter.entries.WriteResult;
import io.tidemark.cachewriter.history.HistoryKeeper;
import io.tidemark.cachewriter.history.HistoryStore.Counted;
import io.tidemark.cachewriter.history.HistoryStore.Figure;
import io.tidemark.cachewriter.history.HistoryStore.Size;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.jobs.Jobs;
import io.tidemark.cachewriter.stats.WriterStats;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Where the history takes its figures from. For the history's thread. */
public final class HistorySources implements HistoryKeeper.Sources {
    /** Of so many entries one is weighed, and the first of every cache. */
    private static final int WEIGHED = 50;

    private final Keyspace keyspace;
    private final KeptCaches.Opener caches;
    private final WriterStats stats;
    private final Supplier<Map<String, RefreshStats>> queries;
    private final Jobs jobs;
    private final List<String> ofRows;
    private final Map<Counted, Long> byJobs = new HashMap<>();
    private final Set<String> seen = new HashSet<>();

    /**
     * @param queries how the caches are that are read by queries, by name
     * @param ofRows the names of the caches of rows
     */
    public HistorySources(
            Keyspace keyspace,
            KeptCaches.Opener caches,
            WriterStats stats,
            Supplier<Map<String, RefreshStats>> queries,
            Jobs jobs,
            List<String> ofRows) {
        this.keyspace = keyspace;
        this.caches = caches;
        this.stats = stats;
        this.queries = queries;
        this.jobs = jobs;
        this.ofRows = List.copyOf(ofRows);
    }

    @Override
    public Map<String, Map<String, Long>> clients() {
        return keyspace.clientCounts();
    }

    @Override
    public Map<Counted, Long> own() {
        jobs.all().stream()
                .filter(job -> job.state().isOver() && seen.add(job.id()))
                .forEach(this::take);
        seen.retainAll(jobs.all().stream().map(Job::id).toList());
        Map<Counted, Long> own = new HashMap<>(byJobs);
        ofRows.forEach(cache -> add(own, cache, Figure.INVALIDATIONS, stats.evictedOf(cache)));
        queries.get().forEach((cache, of) -> add(own, cache, Figure.INVALIDATIONS, of.entriesRead()));
        add(own, HistoryKeeper.ALL, Figure.INVALIDATIONS, stats.count(WriteResult.EVICTED) + stats.tagsBumped());
        return own;
    }

    /** What a job that is over has done, as its counts say: {@code <cache>.invalidated}, and so on. */
    private void take(Job job) {
        Set<String> warmed = new HashSet<>();
        for (Map.Entry<String, JsonNode> count : job.json().path("counts").properties()) {
            int dot = count.getKey().lastIndexOf('.');
            if (dot > 0) {
                String cache = count.getKey().substring(0, dot);
                warmed.add(cache);
                if (count.getKey().endsWith(".invalidated")) {
                    add(byJobs, cache, Figure.INVALIDATIONS, count.getValue().asLong());
                    add(
                            byJobs,
                            HistoryKeeper.ALL,
                            Figure.INVALIDATIONS,
                            count.getValue().asLong());
                }
            }
        }
        if (job.isA("warm")) {
            warmed.add(HistoryKeeper.ALL);
            warmed.forEach(cache -> add(byJobs, cache, Figure.WARM_UPS, 1));
        }
    }

    private static void add(Map<Counted, Long> counts, String cache, Figure figure, long more) {
        if (more > 0) {
            counts.merge(new Counted(cache, figure), more, Long::sum);
        }
    }

    /** What has been counted and weighed of one cache. */
    private static final class Weighing {
        private long keys;
        private long weighed;
        private long bytes;

        boolean isNextWeighed() {
            return keys++ % WEIGHED == 0;
        }

        void add(long more) {
            weighed++;
            bytes += more;
        }

        Size size() {
            return new Size(keys, weighed == 0 ? 0 : bytes * keys / weighed);
        }
    }

    @Override
    public Map<String, Size> measure() {
        Map<String, Weighing> weighings = new HashMap<>();
        try (KeptCaches open = caches.open()) {
            keyspace.entries(keys -> weigh(open, keys, weighings));
        }
        Map<String, Size> sizes = new HashMap<>();
        weighings.forEach((cache, weighing) -> sizes.put(cache, weighing.size()));
        Keyspace.Figures whole = keyspace.figures();
        sizes.put(HistoryKeeper.ALL, new Size(whole.keys(), whole.usedBytes()));
        return sizes;
    }

    private void weigh(KeptCaches open, List<String> keys, Map<String, Weighing> weighings) {
        List<String> some = new ArrayList<>();
        List<Weighing> of = new ArrayList<>();
        for (String key : keys) {
            Weighing weighing = weighings.computeIfAbsent(Refreshing.cacheOf(open, key), cache -> new Weighing());
            if (weighing.isNextWeighed()) {
                some.add(key);
                of.add(weighing);
            }
        }
        List<Long> bytes = keyspace.bytes(some);
        for (int i = 0; i < some.size(); i++) {
            of.get(i).add(bytes.get(i));
        }
    }
}
