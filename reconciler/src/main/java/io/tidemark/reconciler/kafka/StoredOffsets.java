package io.tidemark.reconciler.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What Debezium's stored offsets say of how far was published. Kafka Connect stores an offset only when Kafka has acknowledged
 * every record up to it, so every change of a commit up to that LSN is in Kafka. Not thread-safe.
 */
final class StoredOffsets {
    private static final JsonMapper JSON = new JsonMapper();

    private final String prefix;
    private long publishedLsn;
    private long atMicros;

    /** @param prefix of the topics, which is the connector's name for its server */
    StoredOffsets(String prefix) {
        this.prefix = prefix;
    }

    /**
     * Takes in a record of the offsets topic, in the topic's order. Those of other connectors are left out.
     *
     * @throws IllegalArgumentException when it is no stored offset
     */
    void take(ConsumerRecord<byte[], byte[]> message) {
        try {
            JsonNode key = JSON.readTree(message.key() == null ? new byte[0] : message.key());
            if (!key.path(1).path("server").asText().equals(prefix)) {
                return;
            }
            publishedLsn = message.value() == null
                    ? 0
                    : JSON.readTree(message.value()).path("lsn_commit").longValue();
            atMicros = TimeUnit.MILLISECONDS.toMicros(message.timestamp());
        } catch (IOException notJson) {
            throw new IllegalArgumentException("stored offset: expected JSON", notJson);
        }
    }

    /** Every change of a commit up to here is in Kafka; 0 when that is not known. */
    long publishedLsn() {
        return publishedLsn;
    }

    /** When that was stored, in microseconds since 1970-01-01 UTC. */
    long atMicros() {
        return atMicros;
    }
}
