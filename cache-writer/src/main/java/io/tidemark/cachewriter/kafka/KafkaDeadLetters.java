package io.tidemark.cachewriter.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.cachewriter.apply.DeadLetters;
import io.tidemark.cachewriter.apply.Incoming;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps records that cannot be read in a topic: their key and value as they came, and where they stood and why as headers
 * {@code tidemark.topic}, {@code tidemark.partition}, {@code tidemark.offset} and {@code tidemark.cause}. Thread-safe.
 *
 * <p>A record may be kept twice when the writer is stopped in between.
 */
public final class KafkaDeadLetters implements DeadLetters, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaDeadLetters.class);
    private static final long ACKNOWLEDGED_WITHIN_SECONDS = 20;

    private final Producer<byte[], byte[]> producer;
    private final String topic;

    /** @param producer closed with this object */
    public KafkaDeadLetters(Producer<byte[], byte[]> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    @Override
    public void keep(Incoming record, String reason) {
        List<Header> headers = List.of(
                header("tidemark.topic", record.partition().topic()),
                header("tidemark.partition", Integer.toString(record.partition().number())),
                header("tidemark.offset", Long.toString(record.offset())),
                header("tidemark.cause", reason));
        try {
            producer.send(new ProducerRecord<>(topic, null, record.key(), record.value(), headers))
                    .get(ACKNOWLEDGED_WITHIN_SECONDS, TimeUnit.SECONDS);
            LOG.warn("record {} {} goes to {}: {}", record.partition(), record.offset(), topic, reason);
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            throw new DeadLetterException("a record could not be kept in " + topic, failure);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new DeadLetterException("interrupted before a record was kept in " + topic, asked);
        }
    }

    @Override
    public void close() {
        producer.close();
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }
}
