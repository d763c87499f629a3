package io.tidemark.client.redis;

import io.tidemark.core.contract.EntryKey;
import io.tidemark.testkit.redis.RedisCluster;
import io.tidemark.testkit.redis.RedisConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Plain connections to the masters of a Redis Cluster; a command goes to the master of a key. Slots stay where they are. */
final class RoutedRedis implements AutoCloseable {
    private final RedisCluster cluster;
    private final List<RedisConnection> masters = new ArrayList<>();
    private final Map<String, Integer> known = new HashMap<>();

    RoutedRedis(RedisCluster cluster) throws IOException {
        this.cluster = cluster;
        for (int i = 0; i < cluster.size(); i++) {
            masters.add(cluster.connect(i));
        }
    }

    Object call(String key, String... command) throws IOException {
        Integer master = known.get(key);
        if (master == null) {
            master = cluster.masterOf(key);
            known.put(key, master);
        }
        return masters.get(master).call(command);
    }

    void onEach(String... command) throws IOException {
        for (RedisConnection master : masters) {
            master.call(command);
        }
    }

    /** Calls a function of the contract for an entry. */
    Object entry(String function, String key, String... arguments) throws IOException {
        return function(function, key, List.of(key, EntryKey.metaOf(key)), arguments);
    }

    /** Calls a function of the contract with one key. */
    Object at(String function, String key, String... arguments) throws IOException {
        return function(function, key, List.of(key), arguments);
    }

    private Object function(String function, String key, List<String> keys, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("FCALL", function, Integer.toString(keys.size())));
        command.addAll(keys);
        command.addAll(List.of(arguments));
        return call(key, command.toArray(String[]::new));
    }

    @Override
    public void close() throws IOException {
        for (RedisConnection master : masters) {
            master.close();
        }
    }
}
