package io.tidemark.cachewriter.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.entries.FillResult;
import io.tidemark.cachewriter.entries.Keeping;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Slot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.redisson.api.BatchOptions;
import org.redisson.api.FunctionMode;
import org.redisson.api.FunctionResult;
import org.redisson.api.RBatch;
import org.redisson.api.RFunctionAsync;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;

/** Leases and fills of entries that are read from the database, many in one call. Thread-safe. */
final class RowFills {
    private static final long LEASE_MILLIS = 30_000;
    /** What Redis does in two milliseconds or so. */
    private static final int ENTRIES_A_CALL = 256;

    private static final long BYTES_A_CALL = 1 << 20;
    private static final byte[] GONE = ascii("gone");
    private static final byte[] NOTHING = {};

    private final RedissonClient redisson;
    private final long fenceTtlMillis;
    private final boolean isCluster;
    private final Function<Throwable, EntriesException> failed;

    /**
     * @param fenceTtlMillis how much longer than its value an entry's fence is kept, and how long after a delete
     * @param failed what to throw for a call that failed
     */
    RowFills(
            RedissonClient redisson,
            long fenceTtlMillis,
            boolean isCluster,
            Function<Throwable, EntriesException> failed) {
        this.redisson = redisson;
        this.fenceTtlMillis = fenceTtlMillis;
        this.isCluster = isCluster;
        this.failed = failed;
    }

    /** Takes the leases of entries, from whoever has them. */
    void lease(String token, List<String> keys) {
        calls(portions(keys, i -> 0), (function, places) -> {
            List<String> some = at(places, keys);
            function.callAsync(
                    some.get(0),
                    FunctionMode.WRITE,
                    FunctionLibrary.ROW_LEASES,
                    FunctionResult.LONG,
                    pairs(some),
                    ascii(token),
                    ascii(LEASE_MILLIS),
                    ascii(fenceTtlMillis));
        });
    }

    /** Fills entries under the leases taken with the token; a result for each, in their order. */
    List<FillResult> fill(
            String token,
            @Nullable Long horizon,
            Keeping keeping,
            List<String> keys,
            List<byte @Nullable []> documents) {
        byte[] found = ascii(keeping.format().isHash() ? "hash" : "row");
        List<byte @Nullable []> values = new ArrayList<>(documents.size());
        for (byte @Nullable [] document : documents) {
            values.add(document == null ? null : keeping.format().stored(document));
        }
        List<List<Integer>> portions = portions(keys, i -> length(values.get(i)));
        List<byte[]> answers = calls(portions, (function, places) -> {
            List<String> some = at(places, keys);
            Object[] arguments = new Object[4 + 2 * some.size()];
            arguments[0] = ascii(token);
            arguments[1] = horizon == null ? NOTHING : ascii(HexFormat.of().toHexDigits(horizon));
            arguments[2] = ascii(keeping.ttlMillis());
            arguments[3] = ascii(fenceTtlMillis);
            int next = 4;
            for (int place : places) {
                byte[] value = values.get(place);
                arguments[next++] = value == null ? GONE : found;
                arguments[next++] = value == null ? NOTHING : value;
            }
            function.callAsync(
                    some.get(0),
                    FunctionMode.WRITE,
                    FunctionLibrary.ROW_FILLS,
                    FunctionResult.VALUE,
                    pairs(some),
                    arguments);
        });
        return inOrder(portions, answers, letter -> switch (letter) {
            case 'f' -> FillResult.FILLED;
            case 'g' -> FillResult.REMOVED;
            default -> FillResult.REFUSED;
        });
    }

    /** Gives entries their whole time to live again; for each whether it was there. */
    List<Boolean> prolong(long ttlMillis, List<String> keys) {
        List<List<Integer>> portions = portions(keys, i -> 0);
        List<byte[]> answers = calls(portions, (function, places) -> {
            List<String> some = at(places, keys);
            function.callAsync(
                    some.get(0),
                    FunctionMode.WRITE,
                    FunctionLibrary.ROW_PROLONG,
                    FunctionResult.VALUE,
                    pairs(some),
                    ascii(ttlMillis),
                    ascii(fenceTtlMillis));
        });
        return inOrder(portions, answers, letter -> letter == 'p');
    }

    private static int length(byte @Nullable [] value) {
        return value == null ? 0 : value.length;
    }

    private static List<String> at(List<Integer> places, List<String> keys) {
        return places.stream().map(keys::get).toList();
    }

    private static List<Object> pairs(List<String> keys) {
        List<Object> pairs = new ArrayList<>(2 * keys.size());
        for (String key : keys) {
            pairs.add(key.getBytes(UTF_8));
            pairs.add(EntryKey.metaOf(key).getBytes(UTF_8));
        }
        return pairs;
    }

    /** What a letter of an answer means. */
    @FunctionalInterface
    private interface Meaning<T> {
        T of(byte letter);
    }

    private static <T> List<T> inOrder(List<List<Integer>> portions, List<byte[]> answers, Meaning<T> meaning) {
        int count = portions.stream().mapToInt(List::size).sum();
        List<@Nullable T> results = new ArrayList<>(Collections.nCopies(count, null));
        for (int i = 0; i < portions.size(); i++) {
            byte[] letters = answers.get(i);
            List<Integer> places = portions.get(i);
            for (int j = 0; j < places.size(); j++) {
                results.set(places.get(j), meaning.of(letters[j]));
            }
        }
        return results.stream().map(java.util.Objects::requireNonNull).toList();
    }

    /**
     * Places of keys that go into one call: of one slot on a Redis Cluster, and no more than Redis is busy with for long.
     *
     * @param bytes how many bytes the value at a place has
     */
    private List<List<Integer>> portions(List<String> keys, IntUnaryOperator bytes) {
        Map<Integer, List<Integer>> open = new HashMap<>();
        Map<Integer, Long> sizes = new HashMap<>();
        List<List<Integer>> portions = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            int slot = isCluster ? Slot.of(keys.get(i)) : 0;
            List<Integer> portion = open.get(slot);
            long size = sizes.getOrDefault(slot, 0L) + bytes.applyAsInt(i);
            if (portion == null || portion.size() == ENTRIES_A_CALL || size > BYTES_A_CALL) {
                portion = new ArrayList<>();
                open.put(slot, portion);
                portions.add(portion);
                size = bytes.applyAsInt(i);
            }
            portion.add(i);
            sizes.put(slot, size);
        }
        return portions;
    }

    /** Adds one call for the keys at some places to a batch. */
    @FunctionalInterface
    private interface PortionCall {
        void add(RFunctionAsync function, List<Integer> places);
    }

    /** One call for each portion, all in one go; the answers in the portions' order. */
    @SuppressWarnings("unchecked")
    private <T> List<T> calls(List<List<Integer>> portions, PortionCall one) {
        if (portions.isEmpty()) {
            return List.of();
        }
        try {
            RBatch batch = redisson.createBatch(BatchOptions.defaults());
            RFunctionAsync function = batch.getFunction(RawCodec.INSTANCE);
            portions.forEach(places -> one.add(function, places));
            return (List<T>) batch.execute().getResponses();
        } catch (RedisException failure) {
            throw failed.apply(failure);
        }
    }

    private static byte[] ascii(long number) {
        return ascii(Long.toString(number));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
