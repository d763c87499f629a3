package io.tidemark.client.redis;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.tidemark.client.Answer;
import io.tidemark.client.ApplicationCache;
import io.tidemark.client.Counters;
import io.tidemark.client.Counters.What;
import io.tidemark.client.Keep;
import io.tidemark.client.Loader;
import io.tidemark.client.Recipe;
import io.tidemark.client.Stamp;
import io.tidemark.client.Warmed;
import io.tidemark.client.near.Copies;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Tag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.FunctionMode;
import org.redisson.api.FunctionResult;
import org.redisson.api.RFunction;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;

/**
 * An application's entries in one Redis or one Redis Cluster, with its function library loaded by cache-writer. Owns a thread that adds what was
 * counted to {@code tm.stats:<cache>} and {@code tm.asked:<cache>} every few seconds; the Redisson client stays the caller's. Thread-safe.
 */
public final class RedisApplicationCache implements ApplicationCache {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long FIRST_PAUSE_MILLIS = 2;
    private static final long LONGEST_PAUSE_MILLIS = 50;
    private static final long TELL_EVERY_SECONDS = 5;

    private final RedissonClient redisson;
    private final RFunction functions;
    private final @Nullable ClusterContract cluster;
    private final Counters counters = new Counters();
    private final CountTeller told;
    private final ScheduledExecutorService teller =
            Executors.newSingleThreadScheduledExecutor(RedisApplicationCache::tellerThread);

    /** @throws IllegalArgumentException when it is a client of a Redis Cluster that reads from replicas */
    public RedisApplicationCache(RedissonClient redisson) {
        this.redisson = redisson;
        this.functions = redisson.getFunction(ValueCodec.INSTANCE);
        this.cluster = redisson.getConfig().isClusterConfig() ? new ClusterContract(redisson) : null;
        this.told = new CountTeller(redisson, counters);
        teller.scheduleWithFixedDelay(told::tell, TELL_EVERY_SECONDS, TELL_EVERY_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public @Nullable String readThrough(String key, Keep keep, Loader loader) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            Optional<String> plain = readPlainly(key, keep);
            if (plain.isPresent()) {
                counters.count(key, What.HITS);
                return plain.get();
            }
            for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
                Answer answer = lease(key, LEASE);
                if (answer instanceof Answer.Hit hit) {
                    return hit.value();
                } else if (answer instanceof Answer.Old old) {
                    return old.value();
                } else if (answer instanceof Answer.Granted granted) {
                    return load(granted.lease(), keep, loader);
                }
                if (System.nanoTime() > deadline) {
                    return loader.load();
                }
                MILLISECONDS.sleep(pause);
            }
        } catch (CacheAwayException away) {
            return loader.load();
        }
    }

    private @Nullable String load(Answer.Lease lease, Keep keep, Loader loader) throws Exception {
        String value;
        try {
            value = loader.load();
        } catch (Exception failure) {
            try {
                release(lease);
            } catch (CacheAwayException away) {
                failure.addSuppressed(away);
            }
            throw failure;
        }
        try {
            fill(lease, value, keep);
        } catch (CacheAwayException notKept) {
            // The value is right for this caller all the same.
        }
        return value;
    }

    /** The value, when an entry of just these tags is right: one MGET, a fraction of what a function costs Redis. */
    private Optional<String> readPlainly(String key, Keep keep) {
        String metaKey = EntryKey.metaOf(key);
        Map<String, String> found = guarded(() -> readAll(key, metaKey, keep));
        String[] meta = found.getOrDefault(metaKey, "").split(" ", 3);
        String value = found.get(key);
        if (value == null || meta.length < 3 || !meta[2].equals(keep.tagText())) {
            return Optional.empty();
        }
        Stamp stamp = Stamp.parse(meta[0]).orElse(null);
        for (Tag tag : keep.tags()) {
            Stamp counter =
                    Stamp.parse(found.getOrDefault(tag.counterKey(), "")).orElse(null);
            if (stamp == null || counter == null || !stamp.covers(counter)) {
                return Optional.empty();
            }
        }
        return stamp == null ? Optional.empty() : Optional.of(value);
    }

    private Map<String, String> readAll(String key, String metaKey, Keep keep) {
        if (cluster != null) {
            return cluster.readPlainly(key, keep.tags());
        }
        List<String> keys = new ArrayList<>(2 + keep.tags().size());
        keys.add(key);
        keys.add(metaKey);
        keep.tags().forEach(tag -> keys.add(tag.counterKey()));
        return redisson.getBuckets(ValueCodec.INSTANCE).get(keys.toArray(String[]::new));
    }

    @Override
    public Answer.@Nullable Hit get(String key) {
        List<@Nullable Object> found = found(key);
        if (found != null && found.get(0) instanceof List) {
            throw new IllegalStateException(key + " is kept as a hash: read it with getHash");
        }
        return found == null ? null : new Answer.Hit((String) found.get(0));
    }

    @Override
    public @Nullable Map<String, String> getHash(String key) {
        List<@Nullable Object> found = found(key);
        if (found == null) {
            return null;
        }
        if (!(found.get(0) instanceof List<?> flat)) {
            throw new IllegalStateException(key + " is kept as text: read it with get");
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < flat.size(); i += 2) {
            fields.put((String) flat.get(i), (String) flat.get(i + 1));
        }
        return fields;
    }

    private @Nullable List<@Nullable Object> found(String key) {
        List<@Nullable Object> found = cluster == null
                ? call(FunctionMode.READ, FunctionLibrary.GET, FunctionResult.LIST, key)
                : guarded(() -> cluster.get(key));
        boolean missed = found == null || found.isEmpty();
        counters.count(key, missed ? What.MISSES : What.HITS);
        return missed ? null : found;
    }

    /** The entry with what whoever keeps a copy of it has to know, from the master; null when it is not right. */
    Copies.@Nullable Read copy(String key) {
        List<@Nullable Object> found = call(FunctionMode.WRITE, FunctionLibrary.COPY, FunctionResult.LIST, key);
        if (found == null || found.isEmpty()) {
            return null;
        }
        if (found.get(0) instanceof List) {
            throw new IllegalStateException(key + " is kept as a hash: read it with getHash");
        }
        String tags = String.valueOf(found.get(3));
        return new Copies.Read(
                (String) found.get(0),
                String.valueOf(found.get(1)),
                tags.isEmpty() ? List.of() : List.of(tags.split(" ")),
                Long.parseLong(String.valueOf(found.get(4))));
    }

    void countHit(String key) {
        counters.count(key, What.HITS);
    }

    void countMiss(String key) {
        counters.count(key, What.MISSES);
    }

    @Override
    public Answer lease(String key, Duration atMost) {
        Answer answer = ask(key, atMost);
        counters.count(key, whatOf(answer));
        return answer;
    }

    private static What whatOf(Answer answer) {
        if (answer instanceof Answer.Hit) {
            return What.HITS;
        }
        return answer instanceof Answer.Granted ? What.MISSES : answer instanceof Answer.Old ? What.OLDS : What.WAITS;
    }

    private Answer ask(String key, Duration atMost) {
        String token = UUID.randomUUID().toString();
        List<@Nullable Object> answer = cluster == null
                ? call(FunctionMode.WRITE, FunctionLibrary.LEASE, FunctionResult.LIST, key, token, millis(atMost))
                : guarded(() -> cluster.lease(key, token, millis(atMost)));
        switch (String.valueOf(answer.get(0))) {
            case "hit":
                return new Answer.Hit((String) answer.get(1));
            case "granted":
                return new Answer.Granted(new Answer.Lease(key, token));
            case "old":
                return new Answer.Old(String.valueOf(answer.get(1)), left(answer.get(2)));
            default:
                return new Answer.Wait(left(answer.get(1)));
        }
    }

    @Override
    public boolean fill(Answer.Lease lease, @Nullable String value, Keep keep) {
        boolean filled =
                cluster == null ? fillAtOnce(lease, value, keep) : guarded(() -> cluster.fill(lease, value, keep));
        counters.count(lease.key(), filled ? What.FILLED : What.REFUSED);
        return filled;
    }

    private boolean fillAtOnce(Answer.Lease lease, @Nullable String value, Keep keep) {
        String answer = call(
                FunctionMode.WRITE,
                FunctionLibrary.FILL,
                FunctionResult.VALUE,
                lease.key(),
                lease.token(),
                millis(keep.ttl()),
                Integer.toString(keep.jitterPercent()),
                millis(keep.grace()),
                keep.tagText(),
                value == null ? "empty" : "value",
                value == null ? "" : keep.stored(value));
        return "filled".equals(answer);
    }

    @Override
    public void release(Answer.Lease lease) {
        call(FunctionMode.WRITE, FunctionLibrary.RELEASE, FunctionResult.VALUE, lease.key(), lease.token());
    }

    @Override
    public void invalidateTags(Collection<String> tags) {
        Object[] names = tags.stream().map(name -> new Tag(name).name()).toArray();
        if (cluster != null && names.length > 0) {
            guarded(() -> {
                cluster.bump(tags);
                return true;
            });
        } else if (names.length > 0) {
            guarded(() -> functions.<List<Object>>call(
                    Tag.BUMPS,
                    FunctionMode.WRITE,
                    FunctionLibrary.BUMP,
                    FunctionResult.LIST,
                    List.of(Tag.BUMPS),
                    names));
        }
    }

    @Override
    public void invalidateKeys(Collection<String> keys) {
        keys.forEach(key -> call(FunctionMode.WRITE, FunctionLibrary.INVALIDATE, FunctionResult.VALUE, key));
        if (cluster != null) {
            guarded(() -> {
                cluster.say("keys", keys);
                return true;
            });
        }
    }

    @Override
    public Warmed warm(Collection<Recipe> recipes, int perSecond) throws InterruptedException {
        return new Warmer(this::ask, this, LEASE, perSecond).warm(recipes);
    }

    @Override
    public List<String> mostAsked(String cache, int most) {
        return guarded(() -> told.mostAsked(cache, most));
    }

    @Override
    public Map<String, Counts> counts() {
        return counters.all();
    }

    @Override
    public void close() {
        teller.shutdownNow();
        told.tell();
    }

    private <T> T call(FunctionMode mode, String function, FunctionResult result, String key, Object... arguments) {
        List<Object> keys = List.of(key, EntryKey.metaOf(key));
        return guarded(() -> functions.<T>call(key, mode, function, result, keys, arguments));
    }

    private static <T> T guarded(Supplier<T> call) {
        try {
            return call.get();
        } catch (RedisException failure) {
            throw new CacheAwayException(String.valueOf(failure.getMessage()), failure);
        }
    }

    private static Duration left(@Nullable Object millis) {
        return Duration.ofMillis(millis == null ? 0 : Long.parseLong(millis.toString()));
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    private static Thread tellerThread(Runnable task) {
        Thread thread = new Thread(task, "tidemark-client-counts");
        thread.setDaemon(true);
        return thread;
    }
}
