package io.tidemark.positions.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.CheckpointJson;
import io.tidemark.positions.position.Monotonic;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the checkpoints' topic says, the farthest of each store whatever came last; and the offsets of the orders' topic
 * that all of them together reflect. Pure but for a word in the log. Thread-safe.
 */
final class CheckpointView {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointView.class);
    private static final JsonMapper JSON = new JsonMapper();
    /** No store can be called this: a colon is not allowed in its name. */
    private static final String REFLECTED_BY_ALL = "tidemark:reflected-by-all";

    private final Map<StoreId, Checkpoint> farthest = new HashMap<>();
    private final Map<Integer, Long> reflectedByAll = new TreeMap<>();

    /** One record as it stands in the topic. Answers whether it is behind what was known, so that it must be repaired. */
    synchronized boolean record(byte[] key, byte[] value) {
        String name = new String(key, StandardCharsets.UTF_8);
        try {
            JsonNode json = JSON.readTree(value);
            if (name.equals(REFLECTED_BY_ALL)) {
                json.properties()
                        .forEach(entry -> reflectedByAll.merge(
                                Integer.valueOf(entry.getKey()),
                                entry.getValue().asLong(),
                                Math::max));
                return false;
            }
            return judgeAndKeep(CheckpointJson.read(new StoreId(name), json)) == Verdict.LOWER;
        } catch (IOException | IllegalArgumentException unreadable) {
            LOG.warn("a checkpoint on Kafka is no checkpoint and is left out: {}", unreadable.getMessage());
            return false;
        }
    }

    /** Keeps the farther one and answers what became of the one given. */
    synchronized Verdict judgeAndKeep(Checkpoint wanted) {
        StoreId store = wanted.position().store();
        Verdict verdict = judge(wanted);
        if (verdict != Verdict.LOWER) {
            farthest.put(store, wanted);
        }
        return verdict;
    }

    synchronized Verdict judge(Checkpoint wanted) {
        return Monotonic.judge(of(wanted.position().store()).map(Checkpoint::position), wanted.position());
    }

    synchronized Optional<Checkpoint> of(StoreId store) {
        return Optional.ofNullable(farthest.get(store)).map(found -> found.reflectingAlso(reflectedByAll));
    }

    synchronized Map<StoreId, Checkpoint> all() {
        return Map.copyOf(farthest);
    }

    /** From where the orders have to be read so that no checkpoint misses one: the least of all; empty for no store. */
    synchronized Optional<Map<Integer, Long>> replayFrom() {
        if (farthest.isEmpty()) {
            return Optional.empty();
        }
        Map<Integer, Long> from = new TreeMap<>();
        for (Checkpoint checkpoint : farthest.values()) {
            Map<Integer, Long> reflects =
                    checkpoint.reflectingAlso(reflectedByAll).reflects();
            reflects.forEach((partition, offset) -> from.merge(partition, offset, Math::min));
        }
        // A partition that some checkpoint does not name is read from its start.
        farthest.values()
                .forEach(checkpoint -> from.replaceAll((partition, offset) ->
                        checkpoint.reflectingAlso(reflectedByAll).reflects().containsKey(partition) ? offset : 0L));
        return Optional.of(from);
    }

    static byte[] key(StoreId store) {
        return store.name().getBytes(StandardCharsets.UTF_8);
    }

    static byte[] value(Checkpoint checkpoint) {
        return CheckpointJson.write(checkpoint).toString().getBytes(StandardCharsets.UTF_8);
    }

    static byte[] reflectedKey() {
        return REFLECTED_BY_ALL.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] reflectedValue(Map<Integer, Long> offsets) {
        ObjectNode json = JSON.createObjectNode();
        offsets.forEach((partition, offset) -> json.put(Integer.toString(partition), offset));
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
