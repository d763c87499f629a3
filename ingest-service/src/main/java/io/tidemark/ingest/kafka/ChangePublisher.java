package io.tidemark.ingest.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tidemark.core.change.ChangeHeaders;
import io.tidemark.ingest.stream.ChangeSink;
import io.tidemark.ingest.stream.OutgoingChange;
import io.tidemark.ingest.stream.PublishException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Publishes changes, all of one epoch, and knows the end offsets of what Kafka has acknowledged. One thread publishes;
 * {@link #endOffsets()} may be asked by any.
 */
public final class ChangePublisher implements ChangeSink, AutoCloseable {
    private static final byte[] TRUNCATE_KEY = ChangeHeaders.truncateKey();
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final KafkaProducer<byte[], byte[]> producer;
    private final int mostBytes;
    private final Header epoch;
    private final List<Header> epochAlone;
    private final EndOffsets endOffsets;
    private final AtomicReference<@Nullable Exception> refusal = new AtomicReference<>();
    private final Callback onAnswer = this::answered;

    ChangePublisher(KafkaProducer<byte[], byte[]> producer, int mostBytes, int epoch, EndOffsets endOffsets) {
        this.producer = producer;
        this.mostBytes = mostBytes;
        this.epoch =
                new RecordHeader(ChangeHeaders.EPOCH, Integer.toString(epoch).getBytes(US_ASCII));
        this.epochAlone = List.of(this.epoch);
        this.endOffsets = endOffsets;
    }

    /**
     * Opens a publisher.
     *
     * @param topics the topics it will publish to; they exist
     */
    public static ChangePublisher open(KafkaClients clients, int mostBytes, int epoch, List<String> topics) {
        EndOffsets endOffsets = EndOffsets.read(clients, topics);
        return new ChangePublisher(clients.producer(mostBytes), mostBytes, epoch, endOffsets);
    }

    @Override
    public int mostBytes() {
        return mostBytes;
    }

    @Override
    public void publish(OutgoingChange change) {
        throwRefusal();
        List<Header> headers = headers(change.headers());
        if (change.key() == null) {
            for (int partition = 0; partition < endOffsets.partitions(change.topic()); partition++) {
                send(new ProducerRecord<>(change.topic(), partition, TRUNCATE_KEY, change.value(), headers));
            }
        } else {
            send(new ProducerRecord<>(change.topic(), null, change.key(), change.value(), headers));
        }
    }

    @Override
    public void awaitAcknowledged() {
        try {
            producer.flush();
        } catch (KafkaException failed) {
            throw refused(failed);
        }
        throwRefusal();
    }

    /** Per topic, at the index of each partition, the offset after the last acknowledged record. */
    public SortedMap<String, List<Long>> endOffsets() {
        return endOffsets.copy();
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record, onAnswer);
        } catch (KafkaException | IllegalStateException failed) {
            throw refused(failed);
        }
    }

    private void answered(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
        if (failure != null) {
            refusal.compareAndSet(null, failure);
        } else if (metadata != null) {
            endOffsets.acknowledged(metadata.topic(), metadata.partition(), metadata.offset());
        }
    }

    private void throwRefusal() {
        Exception refused = refusal.get();
        if (refused != null) {
            throw refused(refused);
        }
    }

    private static PublishException refused(Exception cause) {
        return new PublishException("Kafka did not take a change: " + cause.getMessage(), cause);
    }

    private List<Header> headers(Map<String, byte[]> more) {
        if (more.isEmpty()) {
            return epochAlone;
        }
        List<Header> headers = new ArrayList<>(more.size() + 1);
        headers.add(epoch);
        more.forEach((name, value) -> headers.add(new RecordHeader(name, value)));
        return headers;
    }
}
