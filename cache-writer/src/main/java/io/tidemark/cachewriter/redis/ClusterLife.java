package io.tidemark.cachewriter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.entries.Incarnations;
import io.tidemark.core.contract.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RBatch;
import org.redisson.api.RMap;
import org.redisson.api.RedissonClient;
import org.redisson.api.redisnode.RedisClusterMaster;
import org.redisson.api.redisnode.RedisNode.InfoSection;
import org.redisson.api.redisnode.RedisNodes;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which life the data of a Redis Cluster are in: names kept in slots of every master, of which one that was emptied has lost its own,
 * and the runs of the masters, since one that was restarted may have come back with older data. So a master more begins a new
 * life too. Thread-safe.
 *
 * <p>Older data may hold older counters of tags, beside which entries of other masters would look right. So all counters go when a
 * master comes back: every entry with a tag is stale then.
 */
final class ClusterLife implements Incarnations {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterLife.class);
    private static final String RUNS = Tag.BUMPS + ":runs";

    private final RedissonClient redisson;
    private final List<String> keys = Masters.keysEverywhere("tm.incarnation");

    ClusterLife(RedissonClient redisson) {
        this.redisson = redisson;
    }

    @Override
    public synchronized String current() {
        try {
            List<@Nullable String> names = names();
            if (names.contains(null)) {
                RBatch batch = redisson.createBatch();
                for (int i = 0; i < keys.size(); i++) {
                    if (names.get(i) == null) {
                        batch.<String>getBucket(keys.get(i), StringCodec.INSTANCE)
                                .setIfAbsentAsync(UUID.randomUUID().toString());
                    }
                }
                batch.execute();
                names = names();
            }
            String all = names + "@" + runs();
            return UUID.nameUUIDFromBytes(all.getBytes(UTF_8)).toString();
        } catch (RedisException failure) {
            throw new EntriesException(String.valueOf(failure.getMessage()), failure);
        }
    }

    private List<@Nullable String> names() {
        RBatch batch = redisson.createBatch();
        keys.forEach(key -> batch.<String>getBucket(key, StringCodec.INSTANCE).getAsync());
        List<@Nullable String> names = new ArrayList<>();
        batch.execute().getResponses().forEach(name -> names.add((String) name));
        return names;
    }

    private TreeSet<String> runs() {
        RMap<String, String> known = redisson.getMap(RUNS, StringCodec.INSTANCE);
        var before = known.readAllMap();
        TreeSet<String> runs = new TreeSet<>();
        boolean cameBack = false;
        for (RedisClusterMaster master :
                redisson.getRedisNodes(RedisNodes.CLUSTER).getMasters()) {
            String id = master.clusterId();
            String run = String.valueOf(master.info(InfoSection.SERVER).get("run_id"));
            runs.add(run);
            cameBack |= before.containsKey(id) && !Objects.equals(before.get(id), run);
            if (!run.equals(before.get(id))) {
                before.put(id, run);
            }
        }
        if (cameBack) {
            LOG.warn(
                    "a master of the Redis Cluster was restarted: every entry with a tag is stale now, and all topics are applied again");
            TagCounters.forget(redisson);
        }
        known.putAll(before);
        return runs;
    }
}
