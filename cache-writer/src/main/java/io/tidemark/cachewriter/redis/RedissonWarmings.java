package io.tidemark.cachewriter.redis;

import io.tidemark.cachewriter.admin.WarmStore;
import io.tidemark.cachewriter.entries.EntriesException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBucket;
import org.redisson.api.RMap;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;

/**
 * Keeps warmings in the hash {@code tm.warming}, and who is at one in {@code tm.warming:<cache>:by}. Thread-safe. Two who both
 * believe to be at one do the same work twice, and no harm: entries are filled under leases and fences.
 */
final class RedissonWarmings implements WarmStore {
    private static final String WARMING = "tm.warming";

    private final RedissonClient redisson;

    RedissonWarmings(RedissonClient redisson) {
        this.redisson = redisson;
    }

    @Override
    public Map<String, String> orders() {
        return guarded(() -> orderMap().readAllMap());
    }

    @Override
    public void keep(String cache, String order) {
        guarded(() -> orderMap().fastPut(cache, order));
    }

    @Override
    public boolean advance(String cache, String from, @Nullable String next) {
        return guarded(
                () -> next == null ? orderMap().remove(cache, from) : orderMap().replace(cache, from, next));
    }

    @Override
    public boolean hold(String cache, String worker, long millis) {
        return guarded(() -> {
            RBucket<String> by = by(cache);
            return by.setIfAbsent(worker, Duration.ofMillis(millis))
                    || (worker.equals(by.get()) && by.expire(Duration.ofMillis(millis)));
        });
    }

    @Override
    public void letGo(String cache, String worker) {
        guarded(() -> by(cache).compareAndSet(worker, null));
    }

    private RBucket<String> by(String cache) {
        return redisson.getBucket(WARMING + ":" + cache + ":by", StringCodec.INSTANCE);
    }

    private RMap<String, String> orderMap() {
        return redisson.getMap(WARMING, StringCodec.INSTANCE);
    }

    private static <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (RedisException failure) {
            throw new EntriesException(String.valueOf(failure.getMessage()), failure);
        }
    }
}
