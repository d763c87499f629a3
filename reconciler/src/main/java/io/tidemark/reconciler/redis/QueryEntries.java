package io.tidemark.reconciler.redis;

import io.tidemark.core.pipeline.QueryCache;
import io.tidemark.core.query.DueKeys;
import io.tidemark.reconciler.verify.Entries;
import io.tidemark.reconciler.verify.Entry;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;

/**
 * The entries of a cache that is read from the database. One that is due to be read again looks as if it were written at
 * every look, since it soon will be. Thread-safe.
 */
final class QueryEntries implements Entries {
    private final RedissonClient redis;
    private final Entries entries;
    private final QueryCache cache;

    QueryEntries(RedissonClient redis, Entries entries, QueryCache cache) {
        this.redis = redis;
        this.entries = entries;
        this.cache = cache;
    }

    @Override
    public List<byte @Nullable []> values(List<String> keys) {
        return entries.values(keys);
    }

    @Override
    public boolean allHaveMeta(List<String> keys) {
        return entries.allHaveMeta(keys);
    }

    /** What is due is asked first: what is done in between has been written then. */
    @Override
    public List<Entry> read(List<String> keys) {
        List<Boolean> due = due(keys);
        List<Entry> read = entries.read(keys);
        List<Entry> answers = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            Entry entry = read.get(i);
            answers.add(
                    due.get(i)
                            ? new Entry(
                                    entry.value(),
                                    entry.version(),
                                    UUID.randomUUID().toString())
                            : entry);
        }
        return answers;
    }

    private List<Boolean> due(List<String> keys) {
        RBatch batch = redis.createBatch();
        var set = batch.<String>getScoredSortedSet(DueKeys.of(cache.name()), StringCodec.INSTANCE);
        for (String key : keys) {
            set.getScoreAsync(cache.key()
                    .match(key)
                    .map(texts -> DueKeys.member(
                            cache.key().columns().stream().map(texts::get).toList()))
                    .orElse(""));
        }
        List<Boolean> due = new ArrayList<>();
        boolean unknown = hasUnknown();
        for (Object score : batch.execute().getResponses()) {
            due.add(unknown || score != null);
        }
        return due;
    }

    /** Whether something is due of which it is not known yet which keys it is for. */
    private boolean hasUnknown() {
        return redis.<String>getScoredSortedSet(DueKeys.of(cache.name()), StringCodec.INSTANCE).stream()
                .anyMatch(member -> !member.startsWith("k"));
    }

    @Override
    public Iterator<String> matching(String pattern) {
        return entries.matching(pattern);
    }
}
