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
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which life of its data set Redis is in: a name kept at {@value #KEY}, which an emptied Redis has lost, and the run of the
 * server, since a restarted one may have come back with older data. All counters of tags go then. Thread-safe.
 */
final class RedisLife implements Incarnations {
    static final String KEY = "tm:incarnation";

    private static final String RUN = "@";
    private static final Logger LOG = LoggerFactory.getLogger(RedisLife.class);

    private final RedissonClient redisson;
    private final RBucket<byte[]> name;
    private final RBucket<String> knownRun;
    private final RedisSingle nodes;

    public RedisLife(RedissonClient redisson) {
        this.redisson = redisson;
        this.knownRun = redisson.getBucket(KEY + ":run", StringCodec.INSTANCE);
        this.name = redisson.getBucket(KEY, RawCodec.INSTANCE);
        this.nodes = redisson.getRedisNodes(RedisNodes.SINGLE);
    }

    @Override
    public synchronized String current() {
        try {
            byte[] found = name.get();
            if (found == null) {
                name.setIfAbsent(UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII));
                found = name.get();
            }
            String run = String.valueOf(
                    nodes.getInstance().info(RedisNode.InfoSection.SERVER).get("run_id"));
            know(run);
            return text(found) + RUN + run;
        } catch (RedisException failure) {
            throw new EntriesException(String.valueOf(failure.getMessage()), failure);
        }
    }

    /** What is kept at {@value #KEY} in a life that {@link #current} has named so. */
    static String nameOf(String life) {
        int run = life.indexOf(RUN);
        return run < 0 ? life : life.substring(0, run);
    }

    private void know(String run) {
        String before = knownRun.get();
        if (run.equals(before)) {
            return;
        }
        if (before != null) {
            LOG.warn(
                    "Redis was restarted: every entry with a tag is stale now, as it may have come back with older data");
            TagCounters.forget(redisson);
        }
        knownRun.set(run);
    }

    private static String text(byte @Nullable [] found) {
        return found == null ? "none" : new String(found, StandardCharsets.US_ASCII);
    }
}
