package io.tidemark.cachewriter.redis;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.replay.ReplayStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.redisson.api.RBucket;
import org.redisson.api.RMap;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;

/**
 * Replays in a Redis: how far each is in the hash {@code tm.replays}, who may replay a topic at {@code tm.replay-lock:{topic}}.
 * Thread-safe.
 */
final class RedissonReplays implements ReplayStore {
    private static final Duration HELD = Duration.ofSeconds(10);

    private final RedissonClient redisson;

    RedissonReplays(RedissonClient redisson) {
        this.redisson = redisson;
    }

    /** Two who ask at once may both be refused; the fences would bear two who replay. */
    @Override
    public boolean hold(String owner, Collection<String> topics) {
        return guarded(() -> {
            List<String> taken = new ArrayList<>();
            for (String topic : topics) {
                RBucket<String> lock = lock(topic);
                if (owner.equals(lock.get())) {
                    lock.expire(HELD);
                } else if (lock.setIfAbsent(owner, HELD)) {
                    taken.add(topic);
                } else {
                    release(owner, taken);
                    return false;
                }
            }
            return true;
        });
    }

    @Override
    public void release(String owner, Collection<String> topics) {
        guarded(() -> {
            for (String topic : topics) {
                RBucket<String> lock = lock(topic);
                if (owner.equals(lock.get())) {
                    lock.delete();
                }
            }
            return true;
        });
    }

    @Override
    public void keep(String id, String state) {
        guarded(() -> map().fastPut(id, state));
    }

    @Override
    public void remove(String id) {
        guarded(() -> map().fastRemove(id));
    }

    @Override
    public Map<String, String> all() {
        return guarded(() -> map().readAllMap());
    }

    private RMap<String, String> map() {
        return redisson.getMap("tm.replays", StringCodec.INSTANCE);
    }

    private RBucket<String> lock(String topic) {
        return redisson.getBucket("tm.replay-lock:{" + topic + "}", StringCodec.INSTANCE);
    }

    private static <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (RedisException failure) {
            throw new EntriesException(String.valueOf(failure.getMessage()), failure);
        }
    }
}
