package io.tidemark.systemtests.layers.planted.one;

import io.tidemark.systemtests.layers.planted.two.Two;
import org.redisson.api.RedissonClient;

/** Planted: knows Redisson where it must not, and is half of a circle. */
public interface One {
    Two two(RedissonClient client);
}
