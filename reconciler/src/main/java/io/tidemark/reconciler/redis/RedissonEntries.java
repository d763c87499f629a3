package io.tidemark.reconciler.redis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.document.Format;
import io.tidemark.core.document.HashFields;
import io.tidemark.core.pipeline.QueryCache;
import io.tidemark.core.pipeline.RedisSettings;
import io.tidemark.reconciler.cause.Traces;
import io.tidemark.reconciler.sampler.SomeKeys;
import io.tidemark.reconciler.search.SearchStore;
import io.tidemark.reconciler.verify.Applied;
import io.tidemark.reconciler.verify.Entries;
import io.tidemark.reconciler.verify.Entry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RFuture;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.KeysScanOptions;
import org.redisson.client.RedisException;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.client.codec.StringCodec;

/** Entries read through Redisson, on connections of their own. Thread-safe. */
public final class RedissonEntries implements Entries, AutoCloseable {
    private static final int SCAN_COUNT = 2000;
    private static final Set<String> VERSION_AND_HORIZON = Set.of("v", "h");

    private static final JsonMapper JSON = new JsonMapper();

    private final RedissonClient redis;
    private final boolean hashes;

    private RedissonEntries(RedissonClient redis, boolean hashes) {
        this.redis = redis;
        this.hashes = hashes;
    }

    /**
     * Entries of a server, connected.
     *
     * @throws RedisException when the server does not answer or refuses
     */
    public static RedissonEntries connect(RedisSettings.Server server) {
        return new RedissonEntries(RedisConnection.connect(server), false);
    }

    /** The same entries as a format stores them, on the same connections; patient when Redis is lost for a while. */
    public Entries in(Format format) {
        return new PatientEntries(stored(format), Patience.ofHalfAMinute());
    }

    private RedissonEntries stored(Format format) {
        return new RedissonEntries(redis, format.isHash());
    }

    /** The entries of a cache that is read from the database; those that are due to be read again are in flight. */
    public Entries ofQuery(QueryCache cache) {
        Entries entries = cache.index() == null
                ? stored(cache.format())
                : new IndexEntries(redis, cache.index().key());
        return new PatientEntries(new QueryEntries(redis, entries, cache), Patience.ofHalfAMinute());
    }

    /** How the search data stands in the same Redis. */
    public SearchStore search() {
        return new RedissonSearch(redis);
    }

    /** Waits until changes are applied and what they made due of the cache is read, as far as that comes about soon. */
    public Applied readAfter(Applied applied, QueryCache cache) {
        return new QueryApplied(redis, applied, cache);
    }

    /**
     * Waits until changes are applied in the life that Redis is in.
     *
     * @param committedIn the lives that cache-writer's committed offsets speak of
     */
    public Applied inThisLife(Applied changes, Supplier<Set<String>> committedIn, Duration patience) {
        return new LifeApplied(redis, changes, committedIn, patience);
    }

    /** What Redis shows of entries beside their values. */
    public Traces traces() {
        return new RedissonTraces(redis, this);
    }

    /** The number that a member of an entry's document holds; empty when there is none. */
    public OptionalLong number(String key, String member) {
        byte[] value = redis.<byte[]>getBucket(key, ByteArrayCodec.INSTANCE).get();
        try {
            JsonNode number = value == null ? null : JSON.readTree(value).get(member);
            return number != null && number.canConvertToLong()
                    ? OptionalLong.of(number.asLong())
                    : OptionalLong.empty();
        } catch (IOException notJson) {
            return OptionalLong.empty();
        }
    }

    /** Keys to look at. */
    public SomeKeys someKeys() {
        return new RedissonSomeKeys(redis);
    }

    /** The same of a cache whose entries may be members of a sorted set, which have nothing beside them. */
    public Traces tracesOf(QueryCache cache) {
        return cache.index() == null ? traces() : new MemberTraces(traces());
    }

    @Override
    public void close() {
        redis.shutdown();
    }

    @Override
    public List<byte @Nullable []> values(List<String> keys) {
        if (hashes) {
            return hashes(keys);
        }
        // MGET gives nothing, rather than an error, for a key of another type.
        Map<String, byte[]> found = redis.getBuckets(ByteArrayCodec.INSTANCE).get(keys.toArray(String[]::new));
        List<byte @Nullable []> values = new ArrayList<>(keys.size());
        keys.forEach(key -> values.add(found.get(key)));
        return values;
    }

    private List<byte @Nullable []> hashes(List<String> keys) {
        List<RFuture<Map<String, String>>> found = new ArrayList<>(keys.size());
        RBatch batch = redis.createBatch();
        keys.forEach(key -> found.add(
                batch.<String, String>getMap(key, StringCodec.INSTANCE).readAllMapAsync()));
        RFuture<?> sent = batch.executeAsync();
        List<byte @Nullable []> values = new ArrayList<>(keys.size());
        for (RFuture<Map<String, String>> reply : found) {
            Map<String, String> fields = fieldsOf(reply, sent);
            values.add(fields.isEmpty() ? null : HashFields.packed(new TreeMap<>(fields)));
        }
        return values;
    }

    @Override
    public boolean allHaveMeta(List<String> keys) {
        String[] metas = keys.stream().map(EntryKey::metaOf).toArray(String[]::new);
        return redis.getKeys().countExists(metas) == metas.length;
    }

    /** The value is read before the meta, so that a write between the two is seen by its version. */
    @Override
    public List<Entry> read(List<String> keys) {
        List<byte @Nullable []> values = values(keys);
        List<EntryMeta> metas = metas(keys);
        List<Entry> entries = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            entries.add(new Entry(
                    values.get(i), metas.get(i).version(), metas.get(i).horizon()));
        }
        return entries;
    }

    List<EntryMeta> metas(List<String> keys) {
        if (redis.getConfig().isClusterConfig()) {
            return metasOneByOne(keys);
        }
        return Looks.metas(redis, keys);
    }

    private List<EntryMeta> metasOneByOne(List<String> keys) {
        List<RFuture<Map<String, String>>> metas = new ArrayList<>(keys.size());
        RBatch batch = redis.createBatch();
        for (String key : keys) {
            metas.add(batch.<String, String>getMap(EntryKey.metaOf(key), StringCodec.INSTANCE)
                    .getAllAsync(VERSION_AND_HORIZON));
        }
        RFuture<?> sent = batch.executeAsync();
        List<EntryMeta> answers = new ArrayList<>(keys.size());
        for (RFuture<Map<String, String>> reply : metas) {
            Map<String, String> meta = fieldsOf(reply, sent);
            answers.add(new EntryMeta(meta.get("v"), meta.get("h")));
        }
        return answers;
    }

    /** What is of another type has no fields; every other failure is one. */
    private static Map<String, String> fieldsOf(RFuture<Map<String, String>> reply, RFuture<?> sent) {
        try {
            return reply.toCompletableFuture().join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RedisException refused
                    && String.valueOf(refused.getMessage()).startsWith("WRONGTYPE")) {
                return Map.of();
            }
            sent.toCompletableFuture().exceptionally(cause -> null);
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }

    @Override
    public Iterator<String> matching(String pattern) {
        return redis.getKeys()
                .getKeys(KeysScanOptions.defaults().pattern(pattern).chunkSize(SCAN_COUNT))
                .iterator();
    }
}
