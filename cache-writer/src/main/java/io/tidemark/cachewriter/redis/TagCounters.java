package io.tidemark.cachewriter.redis;

import io.tidemark.core.contract.Tag;
import org.redisson.api.RedissonClient;

/** The counters of tags, all at once. */
final class TagCounters {
    private TagCounters() {}

    /**
     * Forgets every counter, which makes every entry with a tag stale: of a Redis that may have come back with older data, older
     * counters would say that older entries are right.
     */
    static void forget(RedissonClient redisson) {
        redisson.getKeys().deleteByPattern("tm.tag:*");
        redisson.getBucket(Tag.BUMPS).delete();
    }
}
