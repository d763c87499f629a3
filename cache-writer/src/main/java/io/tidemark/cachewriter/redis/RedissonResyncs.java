package io.tidemark.cachewriter.redis;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.resync.Held;
import io.tidemark.cachewriter.resync.ResyncRecord;
import io.tidemark.cachewriter.resync.ResyncStore;
import io.tidemark.core.change.Version;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.document.Format;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.BatchOptions;
import org.redisson.api.RBatch;
import org.redisson.api.RLock;
import org.redisson.api.RMap;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;

/**
 * Resyncs in a Redis: what is known of a cache's in the hash {@code tm.resync:{cache}}, whoever does one holds
 * {@code tm.resync-lock:{cache}}. Thread-safe.
 */
final class RedissonResyncs implements ResyncStore, Held {
    private static final Set<String> VERSION_AND_HORIZON = Set.of("v", "h");

    private final RedissonClient redisson;

    RedissonResyncs(RedissonClient redisson) {
        this.redisson = redisson;
    }

    @Override
    public ResyncRecord last(String cache) {
        Map<String, String> map = guarded(() -> map(cache).readAllMap());
        return new ResyncRecord(
                instant(map.get("last_sync")),
                number(map.get("product_count")),
                number(map.get("duration_ms")),
                number(map.get("written")),
                number(map.get("removed")),
                map.get("source"),
                map.get("error"),
                instant(map.get("failed_at")),
                instant(map.get("running")));
    }

    @Override
    public void keep(String cache, ResyncRecord record) {
        Map<String, String> now = new HashMap<>();
        put(now, "last_sync", record.lastSync());
        now.put("product_count", Long.toString(record.productCount()));
        now.put("duration_ms", Long.toString(record.durationMillis()));
        now.put("written", Long.toString(record.written()));
        now.put("removed", Long.toString(record.removed()));
        put(now, "source", record.source());
        put(now, "error", record.error());
        put(now, "failed_at", record.failedAt());
        put(now, "running", record.running());
        guarded(() -> {
            RMap<String, String> map = map(cache);
            map.putAll(now);
            String[] none = List.of("last_sync", "source", "error", "failed_at", "running").stream()
                    .filter(field -> !now.containsKey(field))
                    .toArray(String[]::new);
            map.fastRemove(none);
            return true;
        });
    }

    @Override
    public Instant since(String cache, Instant now) {
        String text = now.truncatedTo(ChronoUnit.MILLIS).toString();
        String known = guarded(() -> map(cache).putIfAbsent("since", text));
        Instant since = instant(known);
        return since == null ? now : since;
    }

    /** Kept up by Redisson as long as this process lives; thirty seconds after it was killed it is free. */
    @Override
    public Optional<Lock> lock(String cache) {
        RLock lock = redisson.getLock("tm.resync-lock:{" + cache + "}");
        return guarded(lock::tryLock) ? Optional.of(() -> unlock(lock)) : Optional.empty();
    }

    private static void unlock(RLock lock) {
        try {
            lock.unlock();
        } catch (IllegalMonitorStateException lostWithRedis) {
            // Leases kept right what was written; nobody is left to be told.
        } catch (RedisException away) {
            // It ends by itself.
        }
    }

    @Override
    public List<byte @Nullable []> values(Format format, List<String> keys) {
        if (keys.isEmpty()) {
            return List.of();
        }
        if (format.isHash()) {
            return guarded(() -> HashValues.read(redisson, keys));
        }
        Map<String, byte[]> found =
                guarded(() -> redisson.getBuckets(RawCodec.INSTANCE).get(keys.toArray(String[]::new)));
        List<byte @Nullable []> values = new ArrayList<>(keys.size());
        keys.forEach(key -> values.add(found.get(key)));
        return values;
    }

    @Override
    public boolean allHaveMeta(List<String> keys) {
        String[] metas = keys.stream().map(EntryKey::metaOf).toArray(String[]::new);
        return metas.length == 0 || guarded(() -> redisson.getKeys().countExists(metas)) == metas.length;
    }

    @Override
    public boolean isThere(String key) {
        return guarded(() -> redisson.getKeys().countExists(key)) > 0;
    }

    @Override
    public List<@Nullable Fence> fences(List<String> keys) {
        if (keys.isEmpty()) {
            return List.of();
        }
        RBatch batch = redisson.createBatch(BatchOptions.defaults());
        for (String key : keys) {
            batch.<String, String>getMap(EntryKey.metaOf(key), StringCodec.INSTANCE)
                    .getAllAsync(VERSION_AND_HORIZON);
        }
        List<@Nullable Fence> fences = new ArrayList<>(keys.size());
        for (Object answer : guarded(batch::execute).getResponses()) {
            Map<?, ?> meta = (Map<?, ?>) answer;
            Object version = meta.get("v");
            Object horizon = meta.get("h");
            fences.add(
                    version == null
                            ? null
                            : new Fence(
                                    Version.parse(version.toString()),
                                    horizon == null ? null : Long.parseUnsignedLong(horizon.toString(), 16)));
        }
        return fences;
    }

    private RMap<String, String> map(String cache) {
        return redisson.getMap("tm.resync:{" + cache + "}", StringCodec.INSTANCE);
    }

    private static void put(Map<String, String> map, String field, @Nullable Object value) {
        if (value != null) {
            map.put(field, value.toString());
        }
    }

    private static @Nullable Instant instant(@Nullable String text) {
        return text == null ? null : Instant.parse(text);
    }

    private static long number(@Nullable String text) {
        return text == null ? 0 : Long.parseLong(text);
    }

    private static <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (RedisException failure) {
            throw new EntriesException(String.valueOf(failure.getMessage()), failure);
        }
    }
}
