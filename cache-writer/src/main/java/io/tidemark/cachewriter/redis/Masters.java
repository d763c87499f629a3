package io.tidemark.cachewriter.redis;

import io.tidemark.core.contract.Slot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.redisson.api.RedissonClient;
import org.redisson.api.redisnode.RedisNode;
import org.redisson.api.redisnode.RedisNode.InfoSection;
import org.redisson.api.redisnode.RedisNodes;

/** The masters of a Redis Cluster, or the one server that there is. */
final class Masters {

    /** So many slots of a cluster, evenly spread, stand for all: every master has one of them, unless its slots are a scattered few. */
    private static final int SPREAD = 64;

    private Masters() {}

    /** Keys that begin so, one in each of the slots that stand for all. The same at every call. */
    static List<String> keysEverywhere(String prefix) {
        List<String> keys = new ArrayList<>();
        Map<Integer, String> found = new HashMap<>();
        for (int i = 0; found.size() < SPREAD; i++) {
            String name = Integer.toString(i, Character.MAX_RADIX);
            found.putIfAbsent(Slot.of(name) / (Slot.COUNT / SPREAD), name);
        }
        found.values().forEach(name -> keys.add(prefix + ":{" + name + "}"));
        return keys;
    }

    /** What each master says of itself, in these sections. */
    static List<Map<String, String>> infos(RedissonClient redisson, InfoSection... sections) {
        Collection<? extends RedisNode> masters = redisson.getConfig().isClusterConfig()
                ? redisson.getRedisNodes(RedisNodes.CLUSTER).getMasters()
                : List.of(redisson.getRedisNodes(RedisNodes.SINGLE).getInstance());
        List<Map<String, String>> infos = new ArrayList<>();
        for (RedisNode master : masters) {
            Map<String, String> info = new HashMap<>();
            for (InfoSection section : sections) {
                info.putAll(master.info(section));
            }
            infos.add(info);
        }
        return infos;
    }
}
