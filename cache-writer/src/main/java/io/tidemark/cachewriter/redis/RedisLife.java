package io.tidemark.cachewriter.redis;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.entries.Incarnations;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBucket;
import org.redisson.api.RedissonClient;
import org.redisson.api.redisnode.RedisNode;
import org.redisson.api.redisnode.RedisNodes;
import org.redisson.api.redisnode.RedisSingle;
import org.redisson.client.RedisException;

/**
 * Which life of its data set Redis is in: a name kept at {@value #KEY}, which an emptied Redis has lost, and the run of the
 * server, since a restarted one may have come back with older data. Thread-safe.
 */
final class RedisLife implements Incarnations {
    static final String KEY = "tm:incarnation";

    private final RBucket<byte[]> name;
    private final RedisSingle nodes;

    public RedisLife(RedissonClient redisson) {
        this.name = redisson.getBucket(KEY, RawCodec.INSTANCE);
        this.nodes = redisson.getRedisNodes(RedisNodes.SINGLE);
    }

    @Override
    public String current() {
        try {
            byte[] found = name.get();
            if (found == null) {
                name.setIfAbsent(UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII));
                found = name.get();
            }
            return text(found) + "@"
                    + nodes.getInstance().info(RedisNode.InfoSection.SERVER).get("run_id");
        } catch (RedisException failure) {
            throw new EntriesException(String.valueOf(failure.getMessage()), failure);
        }
    }

    private static String text(byte @Nullable [] found) {
        return found == null ? "none" : new String(found, StandardCharsets.US_ASCII);
    }
}
