package io.tidemark.reconciler.redis;

import io.tidemark.core.contract.EntryKey;
import io.tidemark.reconciler.cause.Evidence.RedisFigures;
import io.tidemark.reconciler.cause.Evidence.Trace;
import io.tidemark.reconciler.cause.Traces;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RType;
import org.redisson.api.RedissonClient;
import org.redisson.api.redisnode.RedisNode;
import org.redisson.api.redisnode.RedisNodes;
import org.redisson.client.codec.StringCodec;

/** What Redis shows of entries beside their values. Thread-safe. */
final class RedissonTraces implements Traces {
    private static final int PER_KEY = 3;
    private static final int AT_ONCE = 1000;

    private final RedissonClient redis;
    private final RedissonEntries entries;
    private final Patience patience = Patience.ofHalfAMinute();

    RedissonTraces(RedissonClient redis, RedissonEntries entries) {
        this.redis = redis;
        this.entries = entries;
    }

    @Override
    public List<Trace> traces(List<String> keys) {
        List<Trace> traces = new ArrayList<>(keys.size());
        for (int from = 0; from < keys.size(); from += AT_ONCE) {
            List<String> some = keys.subList(from, Math.min(keys.size(), from + AT_ONCE));
            traces.addAll(patience.ask(() -> portion(some)));
        }
        return traces;
    }

    private List<Trace> portion(List<String> keys) {
        if (redis.getConfig().isClusterConfig()) {
            return oneByOne(keys);
        }
        List<Trace> traces = new ArrayList<>(keys.size());
        Looks.at(redis, keys)
                .forEach(look -> traces.add(new Trace(
                        look.type(), look.ttlMillis(), look.metaTtlMillis(), look.version(), lsn(look.horizon()))));
        return traces;
    }

    private static @Nullable Long lsn(@Nullable String horizon) {
        return horizon == null ? null : Long.parseUnsignedLong(horizon, 16);
    }

    private List<Trace> oneByOne(List<String> keys) {
        List<Trace> traces = new ArrayList<>(keys.size());
        RBatch batch = redis.createBatch();
        for (String key : keys) {
            batch.getKeys().getTypeAsync(key);
            batch.getBucket(key, StringCodec.INSTANCE).remainTimeToLiveAsync();
            batch.getBucket(EntryKey.metaOf(key), StringCodec.INSTANCE).remainTimeToLiveAsync();
        }
        List<?> answers = batch.execute().getResponses();
        List<EntryMeta> metas = entries.metas(keys);
        for (int i = 0; i < keys.size(); i++) {
            EntryMeta meta = metas.get(i);
            traces.add(new Trace(
                    type(answers.get(PER_KEY * i)),
                    (Long) answers.get(PER_KEY * i + 1),
                    (Long) answers.get(PER_KEY * i + 2),
                    meta.version(),
                    lsn(meta.horizon())));
        }
        return traces;
    }

    /** Redisson has names of its own for what {@code TYPE} calls string and hash, and nothing for none. */
    private static String type(@Nullable Object answer) {
        if (answer == RType.OBJECT) {
            return "string";
        }
        if (answer == RType.MAP) {
            return "hash";
        }
        return answer instanceof RType type ? type.name().toLowerCase(Locale.ROOT) : "none";
    }

    @Override
    public RedisFigures figures() {
        return patience.ask(this::asked);
    }

    private RedisFigures asked() {
        Collection<? extends RedisNode> masters = redis.getConfig().isClusterConfig()
                ? redis.getRedisNodes(RedisNodes.CLUSTER).getMasters()
                : List.of(redis.getRedisNodes(RedisNodes.SINGLE).getInstance());
        long evicted = 0;
        Instant started = Instant.EPOCH;
        for (RedisNode master : masters) {
            Map<String, String> info = new HashMap<>(master.info(RedisNode.InfoSection.STATS));
            info.putAll(master.info(RedisNode.InfoSection.SERVER));
            long now = Long.parseLong(info.getOrDefault("server_time_usec", "0")) / 1_000_000;
            long uptime = Long.parseLong(info.getOrDefault("uptime_in_seconds", "0"));
            Instant startedHere = Instant.ofEpochSecond(now - uptime);
            evicted += Long.parseLong(info.getOrDefault("evicted_keys", "0"));
            started = startedHere.isAfter(started) ? startedHere : started;
        }
        return new RedisFigures(evicted, started);
    }
}
