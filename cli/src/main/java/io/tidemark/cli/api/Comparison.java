package io.tidemark.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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

    /** One difference: the entry's key and what is wrong with it. */
    public record Example(String key, String kind, String cause) {}

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

    static Comparison of(JsonNode body) {
        List<OfCache> caches = new ArrayList<>();
        for (Map.Entry<String, JsonNode> cache : body.path("result").properties()) {
            JsonNode counts = cache.getValue();
            List<Example> examples = new ArrayList<>();
            counts.path("examples")
                    .forEach(example -> examples.add(new Example(
                            example.path("key").asText(),
                            example.path("kind").asText(),
                            example.path("cause").asText(""))));
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
