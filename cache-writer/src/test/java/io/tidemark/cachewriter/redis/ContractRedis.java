package io.tidemark.cachewriter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Tag;
import io.tidemark.core.document.HashFields;
import io.tidemark.testkit.redis.RedisConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The contract's functions called as any program could, over a plain connection. */
final class ContractRedis {
    static final String FENCE_TTL = "60000";

    private final RedisConnection redis;

    ContractRedis(RedisConnection redis) throws IOException {
        this.redis = redis;
        redis.call("FUNCTION", "LOAD", "REPLACE", FunctionLibrary.load().text());
    }

    Object call(String function, String key, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("FCALL", function, "2", key, EntryKey.metaOf(key)));
        command.addAll(List.of(arguments));
        return redis.call(command.toArray(String[]::new));
    }

    private Object callPacked(String function, String key, byte[] packed, int at, String... arguments)
            throws IOException {
        List<byte[]> command = new ArrayList<>();
        for (String each : List.of("FCALL", function, "2", key, EntryKey.metaOf(key))) {
            command.add(each.getBytes(UTF_8));
        }
        for (String each : arguments) {
            command.add(each.getBytes(UTF_8));
        }
        command.add(5 + at, packed);
        return redis.callBytes(command.toArray(byte[][]::new));
    }

    /** Puts a hash. */
    Object putHash(String key, String version, String horizon, Map<String, String> fields) throws IOException {
        return putPacked(key, version, horizon, HashFields.packed(fields));
    }

    Object putPacked(String key, String version, String horizon, byte[] packed) throws IOException {
        return callPacked(
                FunctionLibrary.PUT, key, packed, 5, version, "1700000000000000", "0", FENCE_TTL, horizon, "hash");
    }

    /** Fills with a hash. */
    Object fillHash(String key, String token, String horizon, Map<String, String> fields) throws IOException {
        return callPacked(
                FunctionLibrary.ROW_FILL, key, HashFields.packed(fields), 5, token, horizon, "0", FENCE_TTL, "hash");
    }

    Object put(String key, String version, String horizon, String value) throws IOException {
        return call(FunctionLibrary.PUT, key, version, "1700000000000000", "0", FENCE_TTL, horizon, value);
    }

    Object evict(String key, String version, String horizon) throws IOException {
        return call(FunctionLibrary.EVICT, key, version, "1700000000000000", FENCE_TTL, horizon);
    }

    Object lease(String key, String token, String manner) throws IOException {
        return ((List<?>) call(FunctionLibrary.ROW_LEASE, key, token, "30000", FENCE_TTL, manner)).get(0);
    }

    Object fill(String key, String token, String horizon, String value) throws IOException {
        String found = value == null ? "gone" : "row";
        return call(FunctionLibrary.ROW_FILL, key, token, horizon, "0", FENCE_TTL, found, value == null ? "" : value);
    }

    /** What an application calls; the answer's first element. */
    List<?> ask(String key, String token, long leaseMillis) throws IOException {
        return (List<?>) call(FunctionLibrary.LEASE, key, token, Long.toString(leaseMillis));
    }

    /** What an application fills with: for a minute, without jitter. */
    Object keep(String key, String token, String tags, String value) throws IOException {
        return keep(key, token, 60_000, 0, tags, value);
    }

    /** The same with a value that is no text. */
    Object keepPacked(String key, String token, String tags, byte[] value) throws IOException {
        return callPacked(FunctionLibrary.FILL, key, value, 6, token, "60000", "0", "0", tags, "value");
    }

    Object keep(String key, String token, long ttl, long grace, String tags, String value) throws IOException {
        return call(
                FunctionLibrary.FILL,
                key,
                token,
                Long.toString(ttl),
                "0",
                Long.toString(grace),
                tags,
                value == null ? "empty" : "value",
                value == null ? "" : value);
    }

    /** What the contract's readers see: null for no entry, the value otherwise, "(empty)" for an empty one. */
    String read(String key) throws IOException {
        List<?> found = (List<?>) call(FunctionLibrary.GET, key);
        return found == null ? null : found.get(0) == null ? "(empty)" : (String) found.get(0);
    }

    void bump(String... tags) throws IOException {
        List<String> command = new ArrayList<>(List.of("FCALL", FunctionLibrary.BUMP, "1", Tag.BUMPS));
        command.addAll(List.of(tags));
        redis.call(command.toArray(String[]::new));
    }

    /** Sweeps all members that a tag has now; how many entries were removed. */
    long sweep(String tag) throws IOException {
        String counter = new Tag(tag).counterKey();
        List<?> lists = (List<?>) redis.call("FCALL_RO", FunctionLibrary.MEMBERS, "1", counter, tag);
        long removed = 0;
        for (int i = 0; i < lists.size(); i += 2) {
            long left = (Long) lists.get(i + 1);
            while (left > 0) {
                List<?> did = (List<?>)
                        redis.call("FCALL", FunctionLibrary.SWEEP, "1", counter, tag, (String) lists.get(i), "250");
                left = (Long) did.get(0) == 0 ? 0 : left - (Long) did.get(0);
                removed += (Long) did.get(1);
            }
        }
        return removed;
    }

    String value(String key) throws IOException {
        return redis.get(key);
    }

    String meta(String key, String field) throws IOException {
        return (String) redis.call("HGET", EntryKey.metaOf(key), field);
    }

    RedisConnection plain() {
        return redis;
    }
}
