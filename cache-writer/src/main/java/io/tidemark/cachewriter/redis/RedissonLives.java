package io.tidemark.cachewriter.redis;

import io.tidemark.cachewriter.admin.Lives;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.core.contract.EntryKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.redisson.api.RBatch;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;

/** How long entries of a Redis live. Thread-safe. */
final class RedissonLives implements Lives {
    private static final String ASKED = "tm.asked:";

    private final RedissonClient redisson;
    private final long fenceTtlMillis;

    /** @param fenceTtlMillis how much longer than its value an entry's fence is kept */
    RedissonLives(RedissonClient redisson, long fenceTtlMillis) {
        this.redisson = redisson;
        this.fenceTtlMillis = fenceTtlMillis;
    }

    @Override
    public Map<String, Double> asked(String cache, int most) {
        Map<String, Double> asked = new LinkedHashMap<>();
        if (most > 0) {
            guarded(() -> redisson.<String>getScoredSortedSet(ASKED + cache, StringCodec.INSTANCE)
                            .entryRangeReversed(0, most - 1))
                    .forEach(entry -> asked.put(entry.getValue(), entry.getScore()));
        }
        return asked;
    }

    /** The fence first: should this end in between, a fence is kept for too long, which does no harm. */
    @Override
    public int lengthen(List<String> keys, long millis) {
        return guarded(() -> {
            if (keys.isEmpty()) {
                return 0;
            }
            RBatch batch = redisson.createBatch();
            for (String key : keys) {
                batch.getBucket(EntryKey.metaOf(key)).expireIfGreaterAsync(Duration.ofMillis(millis + fenceTtlMillis));
                batch.getBucket(key).expireIfGreaterAsync(Duration.ofMillis(millis));
            }
            List<?> answers = batch.execute().getResponses();
            int longer = 0;
            for (int i = 1; i < answers.size(); i += 2) {
                longer += Boolean.TRUE.equals(answers.get(i)) ? 1 : 0;
            }
            return longer;
        });
    }

    @Override
    public int shorten(List<String> keys, long millis) {
        return guarded(() -> {
            if (keys.isEmpty()) {
                return 0;
            }
            RBatch batch = redisson.createBatch();
            keys.forEach(key -> batch.getBucket(key).expireIfLessAsync(Duration.ofMillis(millis)));
            return (int) batch.execute().getResponses().stream()
                    .filter(Boolean.TRUE::equals)
                    .count();
        });
    }

    private static <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (RedisException failure) {
            throw new EntriesException(String.valueOf(failure.getMessage()), failure);
        }
    }
}
