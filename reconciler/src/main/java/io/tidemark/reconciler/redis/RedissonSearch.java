package io.tidemark.reconciler.redis;

import io.tidemark.reconciler.search.SearchStore;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.redisson.api.RLock;
import org.redisson.api.RMap;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;

/** How the search data stands, in the hash {@code tm.search-sync}. Thread-safe. */
final class RedissonSearch implements SearchStore {
    private static final String STATUS = "tm.search-sync";
    private static final String LOCK = "tm.search-sync-lock";

    private final RedissonClient redisson;

    RedissonSearch(RedissonClient redisson) {
        this.redisson = redisson;
    }

    @Override
    public Map<String, String> status() {
        return guarded(() -> map().readAllMap());
    }

    @Override
    public void keep(Map<String, String> status) {
        guarded(() -> {
            map().putAll(status);
            return true;
        });
    }

    /** Kept up by Redisson as long as this process lives; thirty seconds after it was killed it is free. */
    @Override
    public Optional<Right> right() {
        RLock lock = redisson.getLock(LOCK);
        return guarded(lock::tryLock) ? Optional.of(() -> unlock(lock)) : Optional.empty();
    }

    @Override
    public boolean isRunning() {
        return guarded(() -> redisson.getLock(LOCK).isLocked());
    }

    private static void unlock(RLock lock) {
        try {
            lock.unlock();
        } catch (IllegalMonitorStateException lostWithRedis) {
            // Each cache's own lock keeps two resyncs apart.
        } catch (RedisException away) {
            // It ends by itself.
        }
    }

    private RMap<String, String> map() {
        return redisson.getMap(STATUS, StringCodec.INSTANCE);
    }

    private static <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (RedisException failure) {
            throw new IllegalStateException("Redis is away: " + failure.getMessage(), failure);
        }
    }
}
