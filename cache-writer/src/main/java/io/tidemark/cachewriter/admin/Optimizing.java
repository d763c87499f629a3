package io.tidemark.cachewriter.admin;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.jobs.Pace;
import io.tidemark.cachewriter.tags.TagStore;
import io.tidemark.core.pipeline.TtlRange;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Measures, then acts within bounds: sweeps what is due, moves times to live by use, reads entries again that are used and about to
 * expire, fills what was asked for most and was missing. What only a person can do it recommends in words. Thread-safe.
 */
public final class Optimizing {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int AT_ONCE = 200;
    private static final int SWEEP_AT_ONCE = 250;
    private static final double WASTEFUL = 1.5;
    private static final long WORTH_PURGING = 64L << 20;

    /** Within its last fifth an entry that is in use is read again. */
    private static final int LAST_PART = 5;

    private final KeptCaches.Opener caches;
    private final Keyspace keyspace;
    private final TagStore tags;
    private final Entries entries;
    private final TtlTuning ttls;

    /** @param ranges between which times to live the entries of a cache may be moved, by its name */
    public Optimizing(
            KeptCaches.Opener caches,
            Keyspace keyspace,
            TagStore tags,
            Entries entries,
            Lives lives,
            Map<String, TtlRange> ranges) {
        this.ttls = new TtlTuning(ranges, keyspace, lives, entries);
        this.entries = entries;
        this.caches = caches;
        this.keyspace = keyspace;
        this.tags = tags;
    }

    /**
     * What it may do at most.
     *
     * @param sweep members of tags to look at
     * @param warm entries to fill or to read again, of each cache
     * @param look entries whose use is looked at, of each cache
     * @param rate rows a second, 0 for as fast as it goes
     * @param hitRatePercent below this, what was asked for is filled
     */
    public record Bounds(long sweep, long warm, long look, long rate, double hitRatePercent) {}

    /** What is found, without doing anything. */
    public ObjectNode measure(Bounds bounds) throws SQLException {
        ObjectNode found = JSON.createObjectNode();
        Keyspace.Figures redis = keyspace.figures();
        Map<String, Map<String, Long>> counts = keyspace.clientCounts();
        double hitRate = CacheFigures.percent(CacheFigures.sum(counts, "hits"), CacheFigures.sum(counts, "misses"));
        found.put("hit_rate_percent", hitRate);
        found.put("sweeps_due", keyspace.sweepsDue());
        found.put("memory_used_bytes", redis.usedBytes());
        found.put("memory_limit_bytes", redis.limitBytes());
        found.put("fragmentation", redis.fragmentation());
        ObjectNode perCache = found.putObject("caches");
        try (KeptCaches open = caches.open()) {
            for (KeptCache cache : open.all()) {
                ObjectNode one = perCache.putObject(cache.name());
                one.put("asked_while_missing", missing(cache, bounds).size());
                Used used = used(cache, bounds);
                one.put("used_and_about_to_expire", used.ending().size());
                one.put("looked_at", used.looked());
                one.put("idle_for_a_ttl", used.idle());
            }
            ttls.measure(open, bounds.look(), redis, perCache);
        }
        ArrayNode words = found.putArray("recommendations");
        recommend(redis, counts, bounds, found).forEach(words::add);
        return found;
    }

    /** Does it. */
    public void run(Bounds bounds, Job job) throws SQLException, InterruptedException {
        ObjectNode before = measure(bounds);
        job.tell("before", before);
        sweep(bounds, job);
        try (KeptCaches open = caches.open()) {
            Refreshing refreshing = new Refreshing(open, entries, new Pace(bounds.rate()), job);
            ttls.run(open, bounds.look(), keyspace.figures(), job);
            boolean low = before.path("hit_rate_percent").asDouble() < bounds.hitRatePercent();
            for (KeptCache cache : open.all()) {
                List<String> ending = used(cache, bounds).ending();
                job.count(cache.name() + ".prolonged", ending.size());
                refreshing.of(cache, ending);
                List<String> missing = low ? missing(cache, bounds) : List.of();
                job.count(cache.name() + ".warmed", missing.size());
                refreshing.of(cache, missing);
            }
        }
        job.tell("recommendations", before.path("recommendations"));
        job.tell("after", measure(bounds));
    }

    private void sweep(Bounds bounds, Job job) {
        long left = bounds.sweep();
        for (TagStore.Due due : tags.due(100)) {
            boolean whole = true;
            for (TagStore.Members members : tags.members(due.tag())) {
                long most = Math.min(left, members.count());
                whole &= most == members.count();
                while (most > 0 && !job.isCancelled()) {
                    TagStore.Swept swept = tags.sweep(due.tag(), members.list(), (int) Math.min(most, SWEEP_AT_ONCE));
                    job.count("swept", swept.removed());
                    left -= swept.taken();
                    most = swept.taken() == 0 ? 0 : most - swept.taken();
                }
            }
            if (whole && !job.isCancelled()) {
                tags.swept(due);
            }
        }
    }

    private List<String> missing(KeptCache cache, Bounds bounds) {
        List<String> asked = keyspace.mostAsked(cache.name(), (int) bounds.warm()).stream()
                .filter(cache::owns)
                .toList();
        List<Boolean> present = keyspace.present(asked);
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            if (!present.get(i)) {
                missing.add(asked.get(i));
            }
        }
        return missing;
    }

    /** How the entries of a cache with a ttl are used. */
    private record Used(List<String> ending, long looked, long idle) {}

    private Used used(KeptCache cache, Bounds bounds) throws SQLException {
        long ttl = cache.ttlMillis();
        // Redis takes the moving of a life for a use, so what was given a shorter one would seem in use, and about to
        // end.
        boolean isMoved = ttls.moves(cache.name());
        List<String> ending = new ArrayList<>();
        long looked = 0;
        long idle = 0;
        String after = null;
        boolean more = ttl > 0;
        while (more && looked < bounds.look()) {
            KeptCache.Page page = cache.page(null, after, AT_ONCE);
            for (Keyspace.Use use : keyspace.use(page.keys())) {
                boolean isThere = use.ttlMillis() > 0;
                boolean isUsed = TimeUnit.SECONDS.toMillis(use.idleSeconds()) < ttl / LAST_PART && !isMoved;
                looked += isThere ? 1 : 0;
                idle += isThere && TimeUnit.SECONDS.toMillis(use.idleSeconds()) >= ttl - use.ttlMillis() ? 1 : 0;
                if (isThere && isUsed && use.ttlMillis() < ttl / LAST_PART && ending.size() < bounds.warm()) {
                    ending.add(use.key());
                }
            }
            after = page.next();
            more = after != null;
        }
        return new Used(ending, looked, idle);
    }

    private static boolean isWasteful(Keyspace.Figures redis) {
        return redis.fragmentation() > WASTEFUL && redis.usedBytes() > WORTH_PURGING;
    }

    private static List<String> recommend(
            Keyspace.Figures redis, Map<String, Map<String, Long>> counts, Bounds bounds, ObjectNode found) {
        List<String> words = new ArrayList<>();
        if (redis.limitBytes() == 0) {
            words.add("Redis has no memory limit: set maxmemory, so that it cannot take the machine's memory");
        } else if (redis.usedBytes() > 0.9 * redis.limitBytes()) {
            words.add(
                    "Redis uses " + 100 * redis.usedBytes() / redis.limitBytes()
                            + " % of its limit: raise maxmemory, give caches that are seldom read a shorter ttl, or leave fields out");
        }
        if (!redis.policy().equals("noeviction")) {
            words.add("maxmemory-policy is " + redis.policy()
                    + ": Redis may evict entries of caches that are kept whole; keep those in a Redis with noeviction");
        }
        if (redis.evicted() > 0) {
            words.add("Redis has evicted " + redis.evicted()
                    + " keys for want of memory: what was evicted comes back with its next change or with warm");
        }
        if (isWasteful(redis)) {
            words.add("memory is fragmented (" + redis.fragmentation()
                    + "): set activedefrag yes, or MEMORY PURGE in a quiet hour");
        }
        new TreeMap<>(counts).forEach((cache, of) -> {
            long hits = of.getOrDefault("hits", 0L);
            long misses = of.getOrDefault("misses", 0L);
            if (hits + misses >= 100 && CacheFigures.percent(hits, misses) < bounds.hitRatePercent()) {
                words.add("cache " + cache + " is hit in " + CacheFigures.percent(hits, misses)
                        + " % of reads only: give it a longer ttl, or tags that change less often");
            }
            if (of.getOrDefault("refused", 0L) > hits / 10 && of.getOrDefault("refused", 0L) > 10) {
                words.add(
                        "fills of cache " + cache
                                + " are often refused, as its tags change while it is computed: give it narrower tags or a grace");
            }
        });
        found.path("caches").properties().forEach(cache -> {
            long looked = cache.getValue().path("looked_at").asLong();
            if (looked >= 100 && cache.getValue().path("idle_for_a_ttl").asLong() > 0.8 * looked) {
                words.add("most entries of cache " + cache.getKey()
                        + " were not read since they were written: a shorter ttl would save memory"
                        + (cache.getValue().has("ttl_least_ms") ? "" : ", or ttl_by_use in the pipeline file"));
            }
        });
        if (words.isEmpty()) {
            words.add("nothing to do");
        }
        return words;
    }
}
