package io.tidemark.cachewriter.admin;

import io.tidemark.core.pipeline.Pipeline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is asked for most. Clients count a key under the text before its first colon, which need not be its cache's name, may be that
 * of several, and may even be another one for each key. So now and then the counts are sorted by the caches' key templates, and age:
 * what nobody asks for any more is forgotten, and what is kept is bounded. Thread-safe.
 */
public final class Asked {
    static final Duration EVERY = Duration.ofMinutes(10);

    /** After a day a count is worth half: long enough to know in the morning what was asked for yesterday. */
    static final Duration HALF_LIFE = Duration.ofDays(1);

    static final int MOST_KEYS = 10_000;
    static final int MOST_NAMES = 1_000;

    private final Pipeline pipeline;
    private final AskedStore store;
    private final InstantSource clock;

    public Asked(Pipeline pipeline, AskedStore store, InstantSource clock) {
        this.pipeline = pipeline;
        this.store = store;
        this.clock = clock;
    }

    /** The keys that were asked for most under any of these names, most first. */
    List<String> most(List<String> names, int most) {
        Map<String, Double> sums = new HashMap<>();
        for (String name : names) {
            store.asked(name, most).forEach((key, count) -> sums.merge(key, count, Double::sum));
        }
        return sums.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Sorts and ages, when it is time and nobody else does. */
    public void tidyIfDue() {
        OptionalLong passed = store.turn(clock.millis(), EVERY.toMillis());
        if (passed.isPresent()) {
            sort();
            age(Math.pow(0.5, (double) passed.getAsLong() / HALF_LIFE.toMillis()));
        }
    }

    private void sort() {
        for (String name : store.names()) {
            Map<String, Map<String, Double>> elsewhere = new TreeMap<>();
            store.asked(name, MOST_KEYS).forEach((key, count) -> cacheOf(key)
                    .filter(cache -> !cache.equals(name))
                    .ifPresent(cache -> elsewhere
                            .computeIfAbsent(cache, c -> new HashMap<>())
                            .put(key, count)));
            elsewhere.forEach((cache, counts) -> store.move(name, cache, counts));
        }
    }

    private void age(double factor) {
        Map<String, Double> tops = new HashMap<>();
        for (String name : store.names()) {
            store.age(name, factor, MOST_KEYS);
            store.asked(name, 1).values().forEach(top -> tops.put(name, top));
        }
        List<String> names = new ArrayList<>(tops.keySet());
        // The caches of the pipeline file are few and stay; applications may have names without end.
        names.removeIf(name -> caches().anyMatch(name::equals));
        names.sort(Comparator.comparing(tops::get, Comparator.reverseOrder()));
        names.stream().skip(MOST_NAMES).forEach(store::drop);
    }

    private Stream<String> caches() {
        return Stream.concat(
                pipeline.caches().stream().map(cache -> cache.name()),
                pipeline.queries().caches().stream().map(query -> query.name()));
    }

    /** The cache of the pipeline file whose entry a key is; empty for an application's. */
    private Optional<String> cacheOf(String key) {
        return Stream.concat(
                        pipeline.caches().stream()
                                .filter(cache -> cache.key().match(key).isPresent())
                                .map(cache -> cache.name()),
                        pipeline.queries().caches().stream()
                                .filter(query -> query.index() == null
                                        ? query.key().match(key).isPresent()
                                        : query.index().key().equals(key))
                                .map(query -> query.name()))
                .findFirst();
    }
}
