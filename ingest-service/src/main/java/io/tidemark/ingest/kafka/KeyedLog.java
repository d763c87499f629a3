package io.tidemark.ingest.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A small compacted topic of one partition, read whole and written record by record. Not thread-safe. */
final class KeyedLog implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final int MOST_BYTES = 512 * 1024;

    private final KafkaClients clients;
    private final String topic;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    KeyedLog(KafkaClients clients, String topic) {
        this.clients = clients;
        this.topic = topic;
    }

    /** The newest value of every key that has one. */
    Map<String, byte[]> read() {
        Map<String, byte[]> values = new HashMap<>();
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> reader = clients.reader()) {
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            long end = reader.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (reader.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                    String key = record.key() == null ? "" : new String(record.key(), UTF_8);
                    if (record.value() == null) {
                        values.remove(key);
                    } else {
                        values.put(key, record.value());
                    }
                }
            }
        }
        return values;
    }

    /** Writes a value, or a tombstone, and waits until Kafka has it. */
    void write(String key, byte @Nullable [] value) {
        try {
            producer()
                    .send(new ProducerRecord<>(topic, 0, key.getBytes(UTF_8), value))
                    .get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while writing to " + topic, interrupted);
        } catch (ExecutionException failed) {
            throw new KafkaException("could not write to " + topic, failed.getCause());
        }
    }

    /** Writes a value without waiting; a failure is left to the next one, which says more. */
    void writeSoon(String key, byte[] value) {
        producer().send(new ProducerRecord<>(topic, 0, key.getBytes(UTF_8), value));
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(CLOSE_TIMEOUT);
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        if (producer == null) {
            producer = clients.producer(MOST_BYTES);
        }
        return producer;
    }
}
