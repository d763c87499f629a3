package io.tidemark.cachewriter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.cachewriter.admin.Keyspace;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Tag;
import io.tidemark.core.document.HashFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.api.FunctionMode;
import org.redisson.api.FunctionResult;
import org.redisson.api.RBatch;
import org.redisson.api.RScoredSortedSet;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.KeysScanOptions;
import org.redisson.api.redisnode.RedisNode.InfoSection;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;

/** Looks at entries and figures of a Redis. Thread-safe. */
final class RedissonKeyspace implements Keyspace {
    private static final int SCAN_PORTION = 500;
    private static final String STATS = "tm.stats:";
    private static final String STATS_OF = "tm.stats-of";
    private static final String ASKED = "tm.asked:";

    private final RedissonClient redisson;

    RedissonKeyspace(RedissonClient redisson) {
        this.redisson = redisson;
    }

    @Override
    public Look look(String key) {
        List<?> answer = guarded(() -> redisson.getFunction(RawCodec.INSTANCE)
                .call(
                        key,
                        FunctionMode.READ,
                        FunctionLibrary.LOOK,
                        FunctionResult.LIST,
                        List.of(key.getBytes(UTF_8), EntryKey.metaOf(key).getBytes(UTF_8))));
        List<?> flat = (List<?>) answer.get(6);
        Map<String, String> meta = new HashMap<>();
        for (int i = 0; i < flat.size(); i += 2) {
            meta.put(text(flat.get(i)), text(flat.get(i + 1)));
        }
        return new Look(
                key,
                meta,
                text(answer.get(0)),
                value(answer.get(1)),
                (Long) answer.get(2),
                (Long) answer.get(3),
                (Long) answer.get(4),
                Long.parseLong(text(answer.get(5))));
    }

    private static byte @Nullable [] value(@Nullable Object found) {
        if (!(found instanceof List<?> flat)) {
            return (byte[]) found;
        }
        Map<String, String> fields = new TreeMap<>();
        for (int i = 0; i < flat.size(); i += 2) {
            fields.put(text(flat.get(i)), text(flat.get(i + 1)));
        }
        return HashFields.packed(fields);
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, UTF_8);
    }

    @Override
    public Map<String, Optional<String>> counters(List<String> tags) {
        return guarded(() -> {
            Map<String, Optional<String>> counters = new LinkedHashMap<>();
            for (String tag : tags) {
                counters.put(
                        tag,
                        Optional.ofNullable(redisson.<String>getBucket(new Tag(tag).counterKey(), StringCodec.INSTANCE)
                                .get()));
            }
            return counters;
        });
    }

    @Override
    public List<Boolean> present(List<String> keys) {
        return guarded(() -> {
            if (keys.isEmpty()) {
                return List.of();
            }
            RBatch batch = redisson.createBatch();
            keys.forEach(key -> batch.getBucket(key).isExistsAsync());
            return batch.execute().getResponses().stream()
                    .map(present -> Boolean.TRUE.equals(present))
                    .toList();
        });
    }

    @Override
    public List<Use> use(List<String> keys) {
        return guarded(() -> {
            if (keys.isEmpty()) {
                return List.of();
            }
            RBatch batch = redisson.createBatch();
            keys.forEach(key -> {
                batch.getBucket(key).getIdleTimeAsync();
                batch.getBucket(key).remainTimeToLiveAsync();
            });
            List<?> answers = batch.execute().getResponses();
            List<Use> uses = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++) {
                Object idle = answers.get(2 * i);
                uses.add(new Use(
                        keys.get(i), idle instanceof Long seconds ? seconds : 0, (Long) answers.get(2 * i + 1)));
            }
            return uses;
        });
    }

    @Override
    public List<Long> bytes(List<String> keys) {
        return guarded(() -> {
            if (keys.isEmpty()) {
                return List.of();
            }
            RBatch batch = redisson.createBatch();
            keys.forEach(key -> {
                batch.getBucket(key).sizeInMemoryAsync();
                batch.getBucket(EntryKey.metaOf(key)).sizeInMemoryAsync();
            });
            List<?> answers = batch.execute().getResponses();
            List<Long> bytes = new ArrayList<>();
            for (int i = 0; i < answers.size(); i += 2) {
                bytes.add(bytes(answers.get(i)) + bytes(answers.get(i + 1)));
            }
            return bytes;
        });
    }

    /** Nothing for a key that is not there any more. */
    private static long bytes(@Nullable Object answer) {
        return answer instanceof Long bytes ? bytes : 0;
    }

    @Override
    public void entries(Consumer<List<String>> portion) {
        List<String> keys = new ArrayList<>(SCAN_PORTION);
        // What the work on a portion throws is not Redis' failure, and goes through.
        for (String meta : guarded(() -> redisson.getKeys()
                .getKeys(KeysScanOptions.defaults().pattern("tm:*").chunkSize(SCAN_PORTION)))) {
            EntryKey.ofMeta(meta).ifPresent(entry -> keys.add(entry.value()));
            if (keys.size() == SCAN_PORTION) {
                portion.accept(List.copyOf(keys));
                keys.clear();
            }
        }
        if (!keys.isEmpty()) {
            portion.accept(List.copyOf(keys));
        }
    }

    @Override
    public Figures figures() {
        return guarded(() -> {
            List<Map<String, String>> masters =
                    Masters.infos(redisson, InfoSection.MEMORY, InfoSection.STATS, InfoSection.SERVER);
            Map<String, String> first = masters.get(0);
            return new Figures(
                    redisson.getKeys().count(),
                    sum(masters, "used_memory"),
                    sum(masters, "used_memory_peak"),
                    sum(masters, "maxmemory"),
                    first.getOrDefault("maxmemory_policy", "noeviction"),
                    masters.stream()
                            .mapToDouble(info -> Double.parseDouble(info.getOrDefault("mem_fragmentation_ratio", "1")))
                            .max()
                            .orElse(1),
                    sum(masters, "evicted_keys"),
                    sum(masters, "expired_keys"),
                    first.getOrDefault("redis_version", ""));
        });
    }

    private static long sum(List<Map<String, String>> masters, String name) {
        return masters.stream()
                .mapToLong(info -> Long.parseLong(info.getOrDefault(name, "0").strip()))
                .sum();
    }

    @Override
    public Map<String, Map<String, Long>> clientCounts() {
        return guarded(() -> {
            Map<String, Map<String, Long>> counts = new HashMap<>();
            for (String cache :
                    redisson.<String>getSet(STATS_OF, StringCodec.INSTANCE).readAll()) {
                Map<String, Long> of = new HashMap<>();
                redisson.<String, String>getMap(STATS + cache, StringCodec.INSTANCE)
                        .readAllMap()
                        .forEach((what, count) -> of.put(what, Long.parseLong(count)));
                counts.put(cache, of);
            }
            return counts;
        });
    }

    @Override
    public long sweepsDue() {
        return guarded(
                () -> (long) redisson.getMap(Tag.SWEEPS, RawCodec.INSTANCE).size());
    }

    @Override
    public List<String> mostAsked(String cache, int most) {
        return guarded(() -> most < 1 ? List.of() : List.copyOf(asked(cache).valueRangeReversed(0, most - 1)));
    }

    private RScoredSortedSet<String> asked(String cache) {
        return redisson.getScoredSortedSet(ASKED + cache, StringCodec.INSTANCE);
    }

    private static <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (RedisException failure) {
            throw new EntriesException(String.valueOf(failure.getMessage()), failure);
        }
    }
}
