package io.tidemark.reconciler.redis;

import io.tidemark.reconciler.verify.Applied;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.redisson.api.RedissonClient;
import org.redisson.api.redisnode.RedisNode;
import org.redisson.api.redisnode.RedisNodes;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Believes what was applied only of the life that Redis is in: in the moment after it was emptied, cache-writer's offsets still speak
 * of the life before, and everything looks missing. Thread-safe.
 */
final class LifeApplied implements Applied {
    private static final Logger LOG = LoggerFactory.getLogger(LifeApplied.class);
    /** Where cache-writer keeps the name of the life. */
    private static final String NAME = "tm:incarnation";

    private static final long PAUSE_MILLIS = 50;

    private final RedissonClient redis;
    private final Applied changes;
    private final Supplier<Set<String>> committedIn;
    private final long patienceNanos;

    /**
     * @param committedIn the lives that cache-writer's committed offsets speak of
     * @param patience how long to wait for offsets of this life
     */
    LifeApplied(RedissonClient redis, Applied changes, Supplier<Set<String>> committedIn, Duration patience) {
        this.redis = redis;
        this.changes = changes;
        this.committedIn = committedIn;
        this.patienceNanos = patience.toNanos();
    }

    /** The offsets are looked at before and after: those of this life decide, and nothing was lost while they did. */
    @Override
    public void await(long lsn) throws InterruptedException, NotAppliedException {
        long end = System.nanoTime() + patienceNanos;
        while (true) {
            try {
                if (isOfThisLife()) {
                    changes.await(lsn);
                    if (isOfThisLife()) {
                        return;
                    }
                }
            } catch (RedisException away) {
                LOG.debug("Redis does not say in which life it is: {}", away.getMessage());
            }
            if (System.nanoTime() > end) {
                throw new NotAppliedException(
                        "Redis was lost, emptied or started anew, and cache-writer has not begun again in "
                                + TimeUnit.NANOSECONDS.toSeconds(patienceNanos) + " s: see whether it is running");
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private boolean isOfThisLife() {
        Set<String> lives = committedIn.get();
        // Of a cluster's life only cache-writer knows how it is named.
        if (lives.isEmpty() || redis.getConfig().isClusterConfig()) {
            return true;
        }
        String name = redis.<String>getBucket(NAME, StringCodec.INSTANCE).get();
        String run = redis.getRedisNodes(RedisNodes.SINGLE)
                .getInstance()
                .info(RedisNode.InfoSection.SERVER)
                .get("run_id");
        return lives.equals(Set.of(name + "@" + run));
    }
}
