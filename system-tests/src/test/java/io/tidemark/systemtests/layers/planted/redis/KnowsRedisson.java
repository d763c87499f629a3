package io.tidemark.systemtests.layers.planted.redis;

import org.redisson.api.RedissonClient;

/** May know Redisson by its package's name. */
public interface KnowsRedisson {
    RedissonClient client();
}
