package io.tidemark.client;

import io.tidemark.client.ApplicationCache.Counts;
import io.tidemark.core.contract.EntryKey;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What a client has counted, by cache. Thread-safe. */
public final class Counters {
    private final Map<String, Map<What, LongAdder>> counts = new ConcurrentHashMap<>();
    private final Map<String, Map<What, Long>> told = new HashMap<>();
    private final AskedKeys asked = new AskedKeys();

    /** What is counted; its name in lower case is the field in Redis. */
    public enum What {
        HITS,
        MISSES,
        WAITS,
        OLDS,
        FILLED,
        REFUSED
    }

    /** Which cache a key belongs to: {@link EntryKey#cacheOf}. */
    public static String cacheOf(String key) {
        return EntryKey.cacheOf(key);
    }

    public void count(String key, What what) {
        if (what == What.HITS || what == What.MISSES || what == What.OLDS) {
            asked.saw(key);
        }
        counts.computeIfAbsent(cacheOf(key), cache -> new ConcurrentHashMap<>())
                .computeIfAbsent(what, any -> new LongAdder())
                .increment();
    }

    /** Everything since the beginning. */
    public Map<String, Counts> all() {
        Map<String, Counts> all = new TreeMap<>();
        counts.forEach((cache, by) -> all.put(
                cache,
                new Counts(
                        sum(by, What.HITS),
                        sum(by, What.MISSES),
                        sum(by, What.WAITS),
                        sum(by, What.OLDS),
                        sum(by, What.FILLED),
                        sum(by, What.REFUSED))));
        return all;
    }

    /** Which keys were asked for since the last call, and about how often, by cache. */
    public Map<String, Map<String, Long>> takeAsked() {
        return asked.takeNew();
    }

    /** What was counted since the last call, for whoever adds it up elsewhere. */
    public synchronized Map<String, Map<What, Long>> takeNew() {
        Map<String, Map<What, Long>> fresh = new HashMap<>();
        counts.forEach((cache, by) -> by.forEach((what, adder) -> {
            long sum = adder.sum();
            long before = told.computeIfAbsent(cache, any -> new HashMap<>()).getOrDefault(what, 0L);
            if (sum > before) {
                fresh.computeIfAbsent(cache, any -> new HashMap<>()).put(what, sum - before);
                told.get(cache).put(what, sum);
            }
        }));
        return fresh;
    }

    private static long sum(Map<What, LongAdder> by, What what) {
        LongAdder adder = by.get(what);
        return adder == null ? 0 : adder.sum();
    }
}
