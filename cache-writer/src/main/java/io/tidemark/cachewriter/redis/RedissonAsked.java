package io.tidemark.cachewriter.redis;

import io.tidemark.cachewriter.admin.AskedStore;
import io.tidemark.cachewriter.entries.EntriesException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RBucket;
import org.redisson.api.RScoredSortedSet;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.KeysScanOptions;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;
import org.redisson.client.protocol.ScoredEntry;

/**
 * Counts in sorted sets {@code tm.asked:<name>}; when they were aged last is at {@value #AGED}, in milliseconds since 1970.
 * Thread-safe.
 */
final class RedissonAsked implements AskedStore {
    static final String AGED = "tm.asked-aged";
    private static final String ASKED = "tm.asked:";
    private static final int PORTION = 500;

    /** Less than one ask in a long time. */
    private static final double NEXT_TO_NOTHING = 0.5;

    private final RedissonClient redisson;

    RedissonAsked(RedissonClient redisson) {
        this.redisson = redisson;
    }

    @Override
    public Map<String, Double> asked(String name, int most) {
        return guarded(() -> {
            Map<String, Double> asked = new LinkedHashMap<>();
            if (most > 0) {
                for (ScoredEntry<String> one : set(name).entryRangeReversed(0, most - 1)) {
                    asked.put(one.getValue(), one.getScore());
                }
            }
            return asked;
        });
    }

    @Override
    public List<String> names() {
        return guarded(() -> {
            List<String> names = new ArrayList<>();
            for (String key : redisson.getKeys()
                    .getKeys(KeysScanOptions.defaults().pattern(ASKED + "*").chunkSize(PORTION))) {
                names.add(key.substring(ASKED.length()));
            }
            return names;
        });
    }

    /** Given before it is taken, so that it is always somewhere; a crash in between counts a portion twice, until it has aged. */
    @Override
    public void move(String from, String to, Map<String, Double> counts) {
        List<String> keys = new ArrayList<>(counts.keySet());
        for (int i = 0; i < keys.size(); i += PORTION) {
            List<String> portion = keys.subList(i, Math.min(keys.size(), i + PORTION));
            add(to, portion, counts, 1);
            add(from, portion, counts, -1);
        }
    }

    private void add(String name, List<String> keys, Map<String, Double> counts, int sign) {
        guarded(() -> {
            RBatch batch = redisson.createBatch();
            keys.forEach(key -> batch.getScoredSortedSet(ASKED + name, StringCodec.INSTANCE)
                    .addScoreAsync(key, sign * counts.getOrDefault(key, 0.0)));
            batch.getScoredSortedSet(ASKED + name, StringCodec.INSTANCE)
                    .removeRangeByScoreAsync(Double.NEGATIVE_INFINITY, true, 0, true);
            return batch.execute();
        });
    }

    @Override
    public void age(String name, double factor, int keep) {
        guarded(() -> {
            RScoredSortedSet<String> set = set(name);
            set.removeRangeByRank(0, -keep - 1);
            // All at once, and what is counted meanwhile is not lost.
            set.union(Map.of(ASKED + name, factor));
            return set.removeRangeByScore(Double.NEGATIVE_INFINITY, true, NEXT_TO_NOTHING, false);
        });
    }

    @Override
    public void drop(String name) {
        guarded(() -> set(name).delete());
    }

    @Override
    public OptionalLong turn(long nowMillis, long everyMillis) {
        return guarded(() -> {
            RBucket<String> aged = redisson.getBucket(AGED, StringCodec.INSTANCE);
            String before = aged.get();
            long passed = before == null ? everyMillis : nowMillis - millis(before);
            // A stamp far in the future is that of a clock that was wrong.
            boolean isTime = passed >= everyMillis || passed < -everyMillis;
            return isTime && aged.compareAndSet(before, Long.toString(nowMillis))
                    ? OptionalLong.of(Math.max(0, passed))
                    : OptionalLong.empty();
        });
    }

    private static long millis(@Nullable String text) {
        return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    private RScoredSortedSet<String> set(String name) {
        return redisson.getScoredSortedSet(ASKED + name, StringCodec.INSTANCE);
    }

    private static <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (RedisException failure) {
            throw new EntriesException(String.valueOf(failure.getMessage()), failure);
        }
    }
}
