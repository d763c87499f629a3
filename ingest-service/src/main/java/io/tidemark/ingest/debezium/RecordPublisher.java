package io.tidemark.ingest.debezium;

import io.tidemark.core.change.ChangeHeaders;
import io.tidemark.core.change.TableId;
import io.tidemark.ingest.stream.ChangeSink;
import io.tidemark.ingest.stream.OutgoingChange;
import io.tidemark.ingest.stream.StreamListener;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns Debezium's records into what goes to Kafka. Not thread-safe. */
final class RecordPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(RecordPublisher.class);
    private static final byte[] YES = {'1'};

    private final EnvelopeJson json = new EnvelopeJson();
    private final ChangeSink sink;
    private final Map<String, Map<String, int[]>> counts = new HashMap<>();
    private final Map<String, TableId> tables = new HashMap<>();
    private long lastTransaction = -1;
    private boolean dropTombstone;

    RecordPublisher(ChangeSink sink) {
        this.sink = sink;
    }

    /** Adds the transaction that a streamed record is part of. */
    void noteTransaction(SourceRecord record, Set<Integer> transactions) {
        if (!(record.value() instanceof Struct value) || value.schema().field("source") == null) {
            return;
        }
        String op = value.getString("op");
        Long transaction = value.getStruct("source").getInt64("txId");
        if (transaction != null && transaction != lastTransaction && !"r".equals(op)) {
            lastTransaction = transaction;
            transactions.add(transaction.intValue());
        }
    }

    /** Publishes a record if it is a change; answers whether it is. */
    boolean publish(SourceRecord record) {
        if (record.value() == null) {
            return publishTombstone(record);
        }
        dropTombstone = false;
        if (!(record.value() instanceof Struct envelope)) {
            return false;
        }
        Field op = envelope.schema().field("op");
        if (op == null || "m".equals(envelope.get(op))) {
            return false;
        }
        publishEnvelope(record, envelope, (String) envelope.get(op));
        return true;
    }

    /** Says what was published since it last did. */
    void report(StreamListener listener) {
        counts.forEach((topic, operations) -> {
            TableId table = tables.get(topic);
            operations.forEach((operation, count) -> {
                if (table != null && count[0] > 0) {
                    listener.published(table, operation, count[0]);
                    count[0] = 0;
                }
            });
        });
    }

    private void publishEnvelope(SourceRecord record, Struct envelope, String op) {
        Map<String, byte[]> headers = headers(record.headers());
        // The key may be another row's by the time this is read again: compaction has to keep the delete, which says
        // so.
        dropTombstone = headers.containsKey(ChangeHeaders.NEW_KEY);
        byte[] value = json.envelope(envelope);
        if (value.length > sink.mostBytes()) {
            LOG.warn(
                    "a row of {} is {} bytes, more than the {} a record may have: it is published without its value and read from the database",
                    record.topic(),
                    value.length,
                    sink.mostBytes());
            value = json.withoutRow(envelope);
            headers = new HashMap<>(headers);
            headers.put(ChangeHeaders.VALUE_LEFT_OUT, YES);
        }
        sink.publish(new OutgoingChange(record.topic(), key(record), value, headers));
        count(record.topic(), envelope, op);
    }

    private boolean publishTombstone(SourceRecord record) {
        if (dropTombstone) {
            dropTombstone = false;
            return false;
        }
        sink.publish(new OutgoingChange(record.topic(), key(record), null, headers(record.headers())));
        return true;
    }

    private byte @Nullable [] key(SourceRecord record) {
        return record.key() instanceof Struct key ? json.key(key) : null;
    }

    private Map<String, byte[]> headers(Headers headers) {
        if (headers.isEmpty()) {
            return Map.of();
        }
        Map<String, byte[]> bytes = new HashMap<>();
        for (Header header : headers) {
            bytes.put(header.key(), json.header(header.value()));
        }
        return bytes;
    }

    private void count(String topic, Struct envelope, String op) {
        tables.computeIfAbsent(topic, name -> {
            Struct source = envelope.getStruct("source");
            return new TableId(source.getString("schema"), source.getString("table"));
        });
        counts.computeIfAbsent(topic, name -> new HashMap<>()).computeIfAbsent(op, name -> new int[1])[0]++;
    }
}
