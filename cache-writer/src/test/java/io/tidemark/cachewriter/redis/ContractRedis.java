package io.tidemark.cachewriter.redis;

import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.testkit.redis.RedisConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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

    Object put(String key, String version, String horizon, String value) throws IOException {
        return call(FunctionLibrary.PUT, key, version, "1700000000000000", "0", FENCE_TTL, horizon, value);
    }

    Object evict(String key, String version, String horizon) throws IOException {
        return call(FunctionLibrary.EVICT, key, version, "1700000000000000", FENCE_TTL, horizon);
    }

    Object lease(String key, String token, String manner) throws IOException {
        return ((List<?>) call(FunctionLibrary.LEASE, key, token, "30000", FENCE_TTL, manner)).get(0);
    }

    Object fill(String key, String token, String horizon, String value) throws IOException {
        String found = value == null ? "gone" : "row";
        return call(FunctionLibrary.FILL, key, token, horizon, "0", FENCE_TTL, found, value == null ? "" : value);
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
