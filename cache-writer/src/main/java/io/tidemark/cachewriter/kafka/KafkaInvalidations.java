package io.tidemark.cachewriter.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.cachewriter.invalidations.Invalidation;
import io.tidemark.cachewriter.invalidations.InvalidationSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Invalidations as JSON objects on a topic of one partition. Thread-safe. */
public final class KafkaInvalidations implements InvalidationSink, AutoCloseable {
    private static final long ACKNOWLEDGED_WITHIN_SECONDS = 20;

    private final Producer<byte[], byte[]> producer;
    private final String topic;

    /** @param producer closed with this object */
    public KafkaInvalidations(Producer<byte[], byte[]> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    @Override
    public void put(List<Invalidation> invalidations) {
        try {
            List<Future<?>> acknowledged = new ArrayList<>(invalidations.size());
            for (Invalidation invalidation : invalidations) {
                acknowledged.add(producer.send(
                        new ProducerRecord<>(topic, null, invalidation.json().getBytes(UTF_8))));
            }
            for (Future<?> one : acknowledged) {
                one.get(ACKNOWLEDGED_WITHIN_SECONDS, TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            throw new SinkException("topic " + topic + " does not take them: " + reason(failure), failure);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new SinkException("interrupted before they were on topic " + topic, asked);
        }
    }

    private static String reason(Exception failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    @Override
    public void close() {
        producer.close();
    }
}
