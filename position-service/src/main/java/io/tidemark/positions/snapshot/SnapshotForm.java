package io.tidemark.positions.snapshot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.CheckpointJson;
import io.tidemark.positions.position.StoreId;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.TreeMap;

/**
 * A snapshot as bytes and back; whatever is not exactly what was written is refused. Thread-safe.
 *
 * @param installation whose snapshots these are, so that a file copied from elsewhere is noticed
 * @param seal the mark under which they are written
 */
record SnapshotForm(String installation, Seal seal) {
    private static final String FORM = "tidemark.sync-positions/1";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    byte[] write(Snapshot snapshot) {
        ObjectNode json = JSON.createObjectNode();
        json.put("form", FORM);
        json.put("installation", installation);
        json.put("sequence", snapshot.sequence());
        json.put("written", snapshot.written().toString());
        ObjectNode positions = json.putObject("positions");
        snapshot.checkpoints()
                .forEach((store, checkpoint) -> positions.set(store.name(), CheckpointJson.write(checkpoint)));
        json.put("seal", seal.of(bytes(json)));
        return bytes(json);
    }

    Snapshot read(byte[] content) throws SnapshotRefusedException {
        ObjectNode json = parse(content);
        JsonNode sealed = json.remove("seal");
        if (sealed == null || !sealed.isTextual() || !seal.isOn(bytes(json), sealed.asText())) {
            throw new SnapshotRefusedException(
                    "its seal does not fit its content: altered, or written under another key");
        }
        require(json, "form", FORM);
        require(json, "installation", installation);
        try {
            TreeMap<StoreId, Checkpoint> checkpoints = new TreeMap<>();
            json.path("positions").properties().forEach(entry -> {
                StoreId store = new StoreId(entry.getKey());
                checkpoints.put(store, CheckpointJson.read(store, entry.getValue()));
            });
            return new Snapshot(
                    json.path("sequence").asLong(),
                    Instant.parse(json.path("written").asText()),
                    checkpoints);
        } catch (IllegalArgumentException | DateTimeException unreadable) {
            throw new SnapshotRefusedException("a position in it cannot be: " + unreadable.getMessage(), unreadable);
        }
    }

    private static ObjectNode parse(byte[] content) throws SnapshotRefusedException {
        if (content.length == 0) {
            throw new SnapshotRefusedException("it is empty");
        }
        try {
            if (JSON.readTree(content) instanceof ObjectNode object) {
                return object;
            }
            throw new SnapshotRefusedException("expected a JSON object");
        } catch (IOException torn) {
            throw new SnapshotRefusedException("it is torn: no complete JSON");
        }
    }

    private static void require(ObjectNode json, String field, String expected) throws SnapshotRefusedException {
        String found = json.path(field).asText();
        if (!found.equals(expected)) {
            throw new SnapshotRefusedException("expected " + field + " " + expected + ", found " + found);
        }
    }

    private static byte[] bytes(ObjectNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("BUG: a tree can always be written", e);
        }
    }
}
