package io.tidemark.cli.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.core.pipeline.KafkaSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The epoch that ingest-service keeps on Kafka. */
public final class EpochOnKafka {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final String KEY = "epoch";
    private static final ObjectMapper JSON = new ObjectMapper();

    private EpochOnKafka() {}

    /**
     * The epoch that ingest-service was in last; empty where none ever ran.
     *
     * @throws IOException when Kafka has not answered after 15 s, or lets nobody read that topic
     */
    public static OptionalInt of(KafkaSettings kafka) throws IOException {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", kafka.requireBootstrap());
        settings.put("default.api.timeout.ms", (int) LIMIT.toMillis());
        settings.put("allow.auto.create.topics", false);
        kafka.properties().forEach((name, value) -> settings.put(name, value.reveal()));
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            String topic = kafka.topics().state();
            if (!consumer.listTopics().containsKey(topic)) {
                return OptionalInt.empty();
            }
            return last(consumer, new TopicPartition(topic, 0));
        } catch (KafkaException away) {
            throw new IOException(
                    "Kafka at " + kafka.bootstrap() + " did not say which epoch ingest-service was in: "
                            + away.getMessage(),
                    away);
        }
    }

    private static OptionalInt last(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition)
            throws IOException {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        long deadline = System.nanoTime() + LIMIT.toNanos();
        OptionalInt epoch = OptionalInt.empty();
        while (consumer.position(partition) < end) {
            if (System.nanoTime() > deadline) {
                throw new IOException("Kafka did not hand out all of " + partition.topic() + " within " + LIMIT);
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.value() != null && KEY.equals(new String(record.key(), UTF_8))) {
                    epoch = OptionalInt.of(
                            JSON.readTree(record.value()).path(KEY).asInt());
                }
            }
        }
        return epoch;
    }
}
