package io.tidemark.cachewriter.admin;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.entries.WriteResult;
import io.tidemark.cachewriter.jobs.Jobs;
import io.tidemark.cachewriter.stats.WriterStats;
import java.util.Map;
import java.util.TreeMap;

/** What is counted of the caches, as people want to see it. Thread-safe. */
public final class CacheFigures {
    private static final JsonMapper JSON = new JsonMapper();

    private final Keyspace keyspace;
    private final WriterStats stats;
    private final Jobs jobs;

    public CacheFigures(Keyspace keyspace, WriterStats stats, Jobs jobs) {
        this.keyspace = keyspace;
        this.stats = stats;
        this.jobs = jobs;
    }

    /** All figures; those of Redis are missing when it is away. */
    public ObjectNode json() {
        ObjectNode json = JSON.createObjectNode();
        Map<String, Map<String, Long>> counts = Map.of();
        Keyspace.Figures redis = null;
        try {
            redis = keyspace.figures();
            counts = new TreeMap<>(keyspace.clientCounts());
        } catch (EntriesException away) {
            json.put("redis_up", false);
            json.put("redis_problem", away.getMessage());
        }
        long hits = sum(counts, "hits");
        long misses = sum(counts, "misses");
        json.put("hits", hits);
        json.put("misses", misses);
        json.put("hit_rate_percent", percent(hits, misses));
        json.put("invalidations", stats.count(WriteResult.EVICTED) + stats.tagsBumped());
        json.put("tags_bumped", stats.tagsBumped());
        json.put("entries_swept", stats.entriesSwept());
        json.put("warm_ups", jobs.all().stream().filter(job -> job.isA("warm")).count());
        json.put("changes_applied", stats.applied());
        if (redis != null) {
            json.put("redis_up", true);
            json.put("redis_version", redis.version());
            json.put("keys", redis.keys());
            ObjectNode memory = json.putObject("memory");
            memory.put("used_bytes", redis.usedBytes());
            memory.put("peak_bytes", redis.peakBytes());
            memory.put("limit_bytes", redis.limitBytes());
            memory.put("policy", redis.policy());
            memory.put("fragmentation", redis.fragmentation());
            json.put("evicted_by_redis", redis.evicted());
            json.put("expired", redis.expired());
            json.put("sweeps_due", keyspace.sweepsDue());
        }
        ObjectNode caches = json.putObject("caches");
        counts.forEach((cache, of) -> {
            ObjectNode one = caches.putObject(cache);
            new TreeMap<>(of).forEach(one::put);
            one.put("hit_rate_percent", percent(of.getOrDefault("hits", 0L), of.getOrDefault("misses", 0L)));
        });
        return json;
    }

    /** From 0 to 100 with one digit; 100 when nobody asked. */
    static double percent(long hits, long misses) {
        return hits + misses == 0 ? 100 : Math.round(1000.0 * hits / (hits + misses)) / 10.0;
    }

    static long sum(Map<String, Map<String, Long>> counts, String what) {
        return counts.values().stream()
                .mapToLong(of -> of.getOrDefault(what, 0L))
                .sum();
    }
}
