package io.tidemark.reconciler.redis;

import io.tidemark.core.pipeline.QueryCache;
import io.tidemark.core.query.DueKeys;
import io.tidemark.reconciler.verify.Applied;
import java.util.concurrent.TimeUnit;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * Waits until changes are applied, and then until nothing of a cache is due, for a while: while changes go on there is
 * always something, and {@link QueryEntries} says of which keys.
 */
final class QueryApplied implements Applied {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long PAUSE_MILLIS = 20;

    private final RedissonClient redis;
    private final Applied changes;
    private final Patience patience = Patience.ofHalfAMinute();
    private final QueryCache cache;

    QueryApplied(RedissonClient redis, Applied changes, QueryCache cache) {
        this.redis = redis;
        this.changes = changes;
        this.cache = cache;
    }

    @Override
    public void await(long lsn) throws InterruptedException, NotAppliedException {
        changes.await(lsn);
        long end = System.nanoTime()
                + LONGEST_NANOS
                + cache.pace().every().plus(cache.pace().after()).toNanos();
        while (System.nanoTime() < end && isAnythingDue()) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    /** A list that is read again every few seconds under load is written in each of them. */
    @Override
    public int mostLooks() {
        return 2;
    }

    private boolean isAnythingDue() {
        var due = redis.<String>getScoredSortedSet(DueKeys.of(cache.name()), StringCodec.INSTANCE);
        return patience.ask(due::size) > 0;
    }
}
