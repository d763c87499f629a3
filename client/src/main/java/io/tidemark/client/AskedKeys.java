package io.tidemark.client;

import io.tidemark.core.contract.EntryKey;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * Which keys are asked for, and about how often, since somebody last took the counts. While much is asked, one ask in {@value
 * #ONE_IN} counts, as so many. Of more than {@value #MOST} keys the ones that came first are counted: those that are asked for
 * often are among them nearly always. Thread-safe.
 */
final class AskedKeys {
    static final int MOST = 4_000;
    static final int ONE_IN = 8;
    private static final long MUCH = 10_000;

    private volatile Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private volatile int oneIn = 1;

    void saw(String key) {
        int weight = oneIn;
        if (weight > 1 && ThreadLocalRandom.current().nextInt(weight) != 0) {
            return;
        }
        Map<String, LongAdder> now = counts;
        LongAdder adder = now.get(key);
        if (adder == null && now.size() < MOST) {
            adder = now.computeIfAbsent(key, any -> new LongAdder());
        }
        if (adder != null) {
            adder.add(weight);
        }
    }

    /** What was counted since the last call, by cache and key. An ask at the very moment may count in neither. */
    synchronized Map<String, Map<String, Long>> takeNew() {
        Map<String, LongAdder> taken = counts;
        counts = new ConcurrentHashMap<>();
        Map<String, Map<String, Long>> byCache = new HashMap<>();
        long asks = 0;
        for (Map.Entry<String, LongAdder> one : taken.entrySet()) {
            long sum = one.getValue().sum();
            asks += sum;
            byCache.computeIfAbsent(EntryKey.cacheOf(one.getKey()), cache -> new HashMap<>())
                    .put(one.getKey(), sum);
        }
        oneIn = asks > MUCH ? ONE_IN : 1;
        return byCache;
    }
}
