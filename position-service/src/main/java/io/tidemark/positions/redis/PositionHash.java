package io.tidemark.positions.redis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.CheckpointJson;
import io.tidemark.positions.position.StoreId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A checkpoint as the fields of one hash, plain enough for any program to read. Pure. */
final class PositionHash {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> NUMBERS = Set.of("generation", "revision", "page", "first_id", "last_id");

    private PositionHash() {}

    /** The key under which a store's position lies. */
    static String key(StoreId store) {
        return "tm:position:{" + store.name() + "}";
    }

    /** Names and values in turn; nested values as JSON texts. */
    static List<Object> write(Checkpoint checkpoint) {
        List<Object> fields = new ArrayList<>();
        CheckpointJson.write(checkpoint).properties().forEach(field -> {
            fields.add(field.getKey());
            fields.add(
                    field.getValue().isContainerNode()
                            ? field.getValue().toString()
                            : field.getValue().asText());
        });
        return fields;
    }

    /** @throws IllegalArgumentException when the fields are no position of this store */
    static Checkpoint read(StoreId store, Map<String, String> hash) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        hash.forEach((field, value) -> {
            if (NUMBERS.contains(field)) {
                json.put(field, Long.parseLong(value));
            } else if (value.startsWith("{")) {
                json.set(field, parsed(value));
            } else {
                json.put(field, value);
            }
        });
        return CheckpointJson.read(store, json);
    }

    private static JsonNode parsed(String value) {
        try {
            return JSON.readTree(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("expected JSON in a nested field", e);
        }
    }
}
