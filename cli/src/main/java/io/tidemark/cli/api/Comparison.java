package io.tidemark.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the reconciler found when it compared caches with their tables.
 *
 * @param caches per cache, in the order of the pipeline file
 * @param body the reconciler's own answer, for {@code --json}
 */
public record Comparison(List<OfCache> caches, JsonNode body) {
    public Comparison {
        caches = List.copyOf(caches);
    }

    /** One difference: the entry's key, what is wrong with it, why, and what speaks for that. */
    public record Example(String key, String kind, String cause, String evidence) {}

    /**
     * The counts of one cache.
     *
     * @param undecided entries that were written at every look, or were not looked at
     */
    public record OfCache(
            String cache,
            long consistent,
            long stale,
            long missing,
            long orphaned,
            long undecided,
            List<Example> examples) {
        public OfCache {
            examples = List.copyOf(examples);
        }

        public long different() {
            return stale + missing + orphaned;
        }

        /** Entries in Redis. */
        public long keys() {
            return consistent + stale + orphaned + undecided;
        }
    }

    /** Entries of which nothing can be said, all caches together. */
    public long undecided() {
        return caches.stream().mapToLong(OfCache::undecided).sum();
    }

    /** Entries that differ, all caches together. */
    public long different() {
        return caches.stream().mapToLong(OfCache::different).sum();
    }

    /** How many entries differ for each cause, all caches together. */
    public Map<String, Long> causes() {
        Map<String, Long> causes = new TreeMap<>();
        body.path("result").forEach(cache -> cache.path("causes")
                .properties()
                .forEach(cause -> causes.merge(cause.getKey(), cause.getValue().asLong(), Long::sum)));
        return causes;
    }

    /** A count of repairs, all caches together. */
    public long repairs(String count) {
        long sum = 0;
        for (JsonNode cache : body.path("result")) {
            sum += cache.path(count).asLong();
        }
        return sum;
    }

    public static Comparison of(JsonNode body) {
        List<OfCache> caches = new ArrayList<>();
        for (Map.Entry<String, JsonNode> cache : body.path("result").properties()) {
            JsonNode counts = cache.getValue();
            List<Example> examples = new ArrayList<>();
            counts.path("examples")
                    .forEach(example -> examples.add(new Example(
                            example.path("key").asText(),
                            example.path("kind").asText(),
                            example.path("cause").asText(""),
                            example.path("evidence").asText(""))));
            caches.add(new OfCache(
                    cache.getKey(),
                    counts.path("consistent").asLong(),
                    counts.path("stale").asLong(),
                    counts.path("missing").asLong(),
                    counts.path("orphaned").asLong(),
                    counts.path("inFlight").asLong() + (counts.path("complete").asBoolean(true) ? 0 : 1),
                    examples));
        }
        return new Comparison(caches, body);
    }
}
