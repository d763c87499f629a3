package io.tidemark.reconciler.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.reconciler.verify.Entries;
import io.tidemark.reconciler.verify.Entry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/** The members of a sorted set as entries, their scores as values. Thread-safe. */
final class IndexEntries implements Entries {
    private static final int SCAN_COUNT = 2000;

    private final RedissonClient redis;
    private final String index;

    IndexEntries(RedissonClient redis, String index) {
        this.redis = redis;
        this.index = index;
    }

    @Override
    public List<byte @Nullable []> values(List<String> keys) {
        RBatch batch = redis.createBatch();
        var set = batch.<String>getScoredSortedSet(index, StringCodec.INSTANCE);
        keys.forEach(set::getScoreAsync);
        List<byte @Nullable []> values = new ArrayList<>(keys.size());
        for (Object score : batch.execute().getResponses()) {
            values.add(score == null ? null : Double.toString((Double) score).getBytes(UTF_8));
        }
        return values;
    }

    /** A member has none and needs none. */
    @Override
    public boolean allHaveMeta(List<String> keys) {
        return true;
    }

    @Override
    public List<Entry> read(List<String> keys) {
        List<Entry> entries = new ArrayList<>(keys.size());
        values(keys).forEach(value -> entries.add(value == null ? Entry.NONE : new Entry(value, "of an index", null)));
        return entries;
    }

    @Override
    public Iterator<String> matching(String pattern) {
        return redis.<String>getScoredSortedSet(index, StringCodec.INSTANCE).iterator(SCAN_COUNT);
    }
}
