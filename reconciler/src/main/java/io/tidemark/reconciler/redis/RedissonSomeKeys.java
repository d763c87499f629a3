package io.tidemark.reconciler.redis;

import io.tidemark.core.contract.EntryKey;
import io.tidemark.reconciler.sampler.SomeKeys;
import java.util.ArrayList;
import java.util.List;
import org.redisson.api.RBatch;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/** Keys to look at, as Redis gives them. Thread-safe. */
record RedissonSomeKeys(RedissonClient redis) implements SomeKeys {
    private static final String ASKED = "tm.asked:";

    @Override
    public List<String> random(int count) {
        RBatch batch = redis.createBatch();
        for (int i = 0; i < count; i++) {
            batch.getKeys().randomKeyAsync();
        }
        List<String> keys = new ArrayList<>(count);
        for (Object key : batch.execute().getResponses()) {
            if (key instanceof String found) {
                keys.add(EntryKey.ofMeta(found).map(EntryKey::value).orElse(found));
            }
        }
        return keys;
    }

    @Override
    public List<String> hottest(String cache, int count) {
        return List.copyOf(redis.<String>getScoredSortedSet(ASKED + cache, StringCodec.INSTANCE)
                .valueRangeReversed(0, count - 1));
    }
}
