package io.tidemark.cachewriter.redis;

import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;

/** How many keys Redis holds. Thread-safe. */
public final class KeyCount {
    private final RedissonClient redisson;

    public KeyCount(RedissonClient redisson) {
        this.redisson = redisson;
    }

    /** All keys of the database, Tidemark's own among them; null when Redis cannot be asked. */
    public @Nullable Long count() {
        try {
            return redisson.getKeys().count();
        } catch (RedisException away) {
            return null;
        }
    }
}
