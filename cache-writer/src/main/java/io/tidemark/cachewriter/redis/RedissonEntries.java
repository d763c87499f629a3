package io.tidemark.cachewriter.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.entries.EntryWrite;
import io.tidemark.cachewriter.entries.FillResult;
import io.tidemark.cachewriter.entries.Judgement;
import io.tidemark.cachewriter.entries.Keeping;
import io.tidemark.cachewriter.entries.WriteResult;
import io.tidemark.core.change.Version;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Slot;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.redisson.api.BatchOptions;
import org.redisson.api.FunctionMode;
import org.redisson.api.FunctionResult;
import org.redisson.api.RBatch;
import org.redisson.api.RFunction;
import org.redisson.api.RFunctionAsync;
import org.redisson.api.RFuture;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.KeysScanOptions;
import org.redisson.client.RedisException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The entries of a Redis, written by the functions of its library. Thread-safe. */
final class RedissonEntries implements Entries {
    private static final Logger LOG = LoggerFactory.getLogger(RedissonEntries.class);
    private static final long LEASE_MILLIS = 30_000;
    private static final int SCAN_PORTION = 500;
    /** What Redis looks through in a millisecond or so. */
    private static final int SCAN_AT_ONCE = 2_000;

    /** A master that lost its data says so of every slot. */
    private static final long SAY_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final byte[] PUT = {'p'};
    private static final byte[] PUT_HASH = {'h'};
    private static final byte[] EVICT = {'e'};
    private static final byte[] NOTHING = {};

    private final RedissonClient redisson;
    private final RFunction functions;
    private final Library library;
    private final RedissonJudging judging;
    private final long fenceTtlMillis;
    private final boolean isCluster;
    private final @Nullable SlotMarks marks;
    private final RowFills rowFills;
    private volatile long lastSaid = System.nanoTime() - SAY_EVERY_NANOS;

    /**
     * @param fenceTtlMillis how much longer than its value an entry's fence is kept, and how long after a delete
     * @param marks null where there is no Redis Cluster
     */
    public RedissonEntries(RedissonClient redisson, Library library, long fenceTtlMillis, @Nullable SlotMarks marks) {
        this.redisson = redisson;
        this.functions = redisson.getFunction(RawCodec.INSTANCE);
        this.library = library;
        this.fenceTtlMillis = fenceTtlMillis;
        this.marks = marks;
        this.isCluster = marks != null;
        this.rowFills = new RowFills(redisson, fenceTtlMillis, isCluster, this::failed);
        this.judging = new RedissonJudging(redisson, isCluster);
    }

    @Override
    public CompletionStage<List<WriteResult>> apply(long ttlMillis, List<EntryWrite> writes) {
        return isCluster ? applyBySlot(ttlMillis, writes, null) : applyAtOnce(ttlMillis, writes, List.of());
    }

    @Override
    public CompletionStage<List<WriteResult>> applyIn(String life, long ttlMillis, List<EntryWrite> writes) {
        return isCluster
                ? applyBySlot(ttlMillis, writes, life)
                : applyAtOnce(ttlMillis, writes, List.of(RedisLife.nameOf(life).getBytes(US_ASCII)));
    }

    /** One call for each slot, all in one go; the answers in the order of the writes. */
    private CompletionStage<List<WriteResult>> applyBySlot(
            long ttlMillis, List<EntryWrite> writes, @Nullable String life) {
        Map<Integer, List<Integer>> bySlot = new LinkedHashMap<>();
        for (int i = 0; i < writes.size(); i++) {
            bySlot.computeIfAbsent(Slot.of(writes.get(i).key()), slot -> new ArrayList<>())
                    .add(i);
        }
        RBatch batch = redisson.createBatch(BatchOptions.defaults());
        RFunctionAsync function = batch.getFunction(RawCodec.INSTANCE);
        List<List<Integer>> places = List.copyOf(bySlot.values());
        try {
            IntFunction<List<byte[]>> question = question(life);
            bySlot.forEach((slot, some) ->
                    call(function, ttlMillis, some.stream().map(writes::get).toList(), question.apply(slot)));
            return batch.executeAsync()
                    .toCompletableFuture()
                    .thenApply(done -> inOrder(places, done.getResponses(), writes.size()))
                    .whenComplete((results, failure) -> lookAgain(life, results))
                    .exceptionallyCompose(failure -> CompletableFuture.failedFuture(failed(failure)));
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failed(failure));
        }
    }

    /** What the master of a slot is asked before it writes; nothing where every life will do. */
    private IntFunction<List<byte[]>> question(@Nullable String life) {
        SlotMarks each = marks;
        if (life == null || each == null) {
            return slot -> List.of();
        }
        String mark = each.of(life);
        return slot -> each.question(mark, slot);
    }

    /** A mark may be gone without anything else, where Redis evicts. */
    private void lookAgain(@Nullable String life, @Nullable List<WriteResult> results) {
        if (life != null && marks != null && results != null && results.contains(WriteResult.FAILED)) {
            marks.doubt();
        }
    }

    /** @param places for each answer, which writes it is of */
    private List<WriteResult> inOrder(List<List<Integer>> places, List<?> answers, int count) {
        WriteResult[] results = new WriteResult[count];
        for (int i = 0; i < places.size(); i++) {
            List<Integer> some = places.get(i);
            List<WriteResult> of = results((byte[]) answers.get(i), some.size());
            for (int j = 0; j < some.size(); j++) {
                results[some.get(j)] = of.get(j);
            }
        }
        return List.of(results);
    }

    private CompletionStage<List<WriteResult>> applyAtOnce(long ttlMillis, List<EntryWrite> writes, List<byte[]> life) {
        try {
            return call(functions, ttlMillis, writes, life)
                    .toCompletableFuture()
                    .thenApply(letters -> results(letters, writes.size()))
                    .exceptionallyCompose(failure -> CompletableFuture.failedFuture(failed(failure)));
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failed(failure));
        }
    }

    private RFuture<byte[]> call(RFunctionAsync function, long ttlMillis, List<EntryWrite> writes, List<byte[]> life) {
        List<Object> keys = new ArrayList<>(2 * writes.size());
        Object[] arguments = new Object[2 + 5 * writes.size() + life.size()];
        arguments[0] = ascii(ttlMillis);
        arguments[1] = ascii(fenceTtlMillis);
        int at = 2;
        for (EntryWrite write : writes) {
            keys.add(write.key().getBytes(UTF_8));
            keys.add(write.metaKey().getBytes(UTF_8));
            byte[] value = write.value();
            arguments[at++] = value == null ? EVICT : write.isHash() ? PUT_HASH : PUT;
            arguments[at++] = write.version().text().getBytes(US_ASCII);
            arguments[at++] = ascii(write.committedAtMicros());
            arguments[at++] = horizon(write.horizon());
            arguments[at++] = value == null ? NOTHING : value;
        }
        for (byte[] nameThenKey : life) {
            arguments[at++] = nameThenKey;
        }
        return function.callAsync(
                writes.get(0).key(), FunctionMode.WRITE, FunctionLibrary.APPLY, FunctionResult.VALUE, keys, arguments);
    }

    private List<WriteResult> results(byte[] letters, int count) {
        List<WriteResult> results = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            results.add(
                    switch (letters[i]) {
                        case 'w' -> WriteResult.WRITTEN;
                        case 'o' -> WriteResult.OLDER;
                        case 'r' -> WriteResult.READ_AGAIN;
                        case 'e' -> WriteResult.EVICTED;
                        case 'a' -> WriteResult.ABSENT;
                        default -> WriteResult.FAILED;
                    });
        }
        if (letters.length > count && System.nanoTime() - lastSaid > SAY_EVERY_NANOS) {
            lastSaid = System.nanoTime();
            LOG.warn("Redis could not write an entry:{}", new String(letters, count, letters.length - count, UTF_8));
        }
        return results;
    }

    @Override
    public CompletionStage<List<Judgement>> judge(List<String> keys, List<Version> versions, List<Boolean> evicts) {
        return judging.judge(keys, versions, evicts)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(failed(failure)));
    }

    @Override
    public void invalidate(List<String> keys) {
        each(keys, (function, i) -> call(function, FunctionLibrary.INVALIDATE, keys.get(i)));
    }

    @Override
    public void invalidate(List<String> keys, List<Version> versions) {
        each(
                keys,
                (function, i) -> call(function, FunctionLibrary.INVALIDATE, keys.get(i), (Object)
                        versions.get(i).text().getBytes(US_ASCII)));
    }

    @Override
    public void forget(List<String> keys) {
        if (keys.isEmpty()) {
            return;
        }
        try {
            RBatch batch = redisson.createBatch(BatchOptions.defaults());
            keys.forEach(key -> batch.getBucket(EntryKey.metaOf(key)).deleteAsync());
            batch.execute();
        } catch (RedisException failure) {
            throw failed(failure);
        }
    }

    @Override
    public void lease(String token, List<String> keys) {
        rowFills.lease(token, keys);
    }

    @Override
    public List<FillResult> fill(
            String token,
            @Nullable Long horizon,
            Keeping keeping,
            List<String> keys,
            List<byte @Nullable []> documents) {
        return rowFills.fill(token, horizon, keeping, keys, documents);
    }

    @Override
    public List<Boolean> prolong(long ttlMillis, List<String> keys) {
        return rowFills.prolong(ttlMillis, keys);
    }

    @Override
    public void scan(String pattern, Consumer<List<String>> portion) {
        List<String> keys = new ArrayList<>(SCAN_PORTION);
        try {
            for (String key : redisson.getKeys()
                    .getKeys(KeysScanOptions.defaults().pattern(pattern).chunkSize(SCAN_AT_ONCE))) {
                keys.add(key);
                if (keys.size() == SCAN_PORTION) {
                    portion.accept(List.copyOf(keys));
                    keys.clear();
                }
            }
        } catch (RedisException failure) {
            throw failed(failure);
        }
        if (!keys.isEmpty()) {
            portion.accept(List.copyOf(keys));
        }
    }

    /** Adds one call for one key to a batch. */
    @FunctionalInterface
    private interface OneCall {
        void add(RFunctionAsync function, int index);
    }

    /** One call for each key, all in one go; the answers in the keys' order. */
    private List<?> each(List<String> keys, OneCall one) {
        if (keys.isEmpty()) {
            return List.of();
        }
        try {
            RBatch batch = redisson.createBatch(BatchOptions.defaults());
            RFunctionAsync function = batch.getFunction(RawCodec.INSTANCE);
            for (int i = 0; i < keys.size(); i++) {
                one.add(function, i);
            }
            return batch.execute().getResponses();
        } catch (RedisException failure) {
            throw failed(failure);
        }
    }

    private static void call(RFunctionAsync function, String name, String key, Object... arguments) {
        function.callAsync(key, FunctionMode.WRITE, name, FunctionResult.VALUE, both(key), arguments);
    }

    private static List<Object> both(String key) {
        return List.of(key.getBytes(UTF_8), EntryKey.metaOf(key).getBytes(UTF_8));
    }

    /**
     * A call fails as a whole when Redis is away, is full, is a replica, or has lost the library in a flush or a restart.
     * So whatever it was, the library is looked at before the next try.
     */
    private EntriesException failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        library.ensureSoon();
        return new EntriesException(String.valueOf(cause.getMessage()), cause);
    }

    private static byte[] horizon(@Nullable Long lsn) {
        return lsn == null ? NOTHING : HexFormat.of().toHexDigits(lsn).getBytes(US_ASCII);
    }

    private static byte[] ascii(long number) {
        return Long.toString(number).getBytes(US_ASCII);
    }
}
