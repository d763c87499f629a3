package io.tidemark.ingest.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.TableId;
import io.tidemark.ingest.stream.OutgoingChange;
import java.time.Instant;
import java.util.Map;

/**
 * A truncate that no one ran: the lowest version of a new epoch, so that whatever was written in an epoch before is
 * invalidated and whatever this epoch brings is newer. Its form is Debezium's own.
 */
public final class TruncateMarker {
    private static final JsonMapper JSON = new JsonMapper();

    private TruncateMarker() {}

    /** The marker for one table. */
    public static OutgoingChange of(String topic, TableId table, String database, Instant now) {
        ObjectNode envelope = JSON.createObjectNode();
        envelope.putNull("before");
        envelope.putNull("after");
        ObjectNode source = envelope.putObject("source");
        source.put("connector", "postgresql");
        source.put("ts_ms", now.toEpochMilli());
        source.put("ts_us", now.toEpochMilli() * 1000);
        source.put("snapshot", "false");
        source.put("db", database);
        source.put("sequence", "[null,\"0\"]");
        source.put("schema", table.schema());
        source.put("table", table.table());
        envelope.put("op", "t");
        envelope.put("ts_ms", now.toEpochMilli());
        try {
            return new OutgoingChange(
                    topic, null, JSON.writeValueAsString(envelope).getBytes(UTF_8), Map.of());
        } catch (JsonProcessingException inMemory) {
            throw new IllegalStateException("BUG: a tree could not be written", inMemory);
        }
    }
}
