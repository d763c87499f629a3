package io.tidemark.positions.kafka;

import io.tidemark.core.pipeline.KafkaSettings;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes Kafka's clients with the pipeline's settings. Thread-safe. */
final class PositionClients {
    private final KafkaSettings settings;
    private final String bootstrap;

    PositionClients(KafkaSettings settings) {
        this.settings = settings;
        this.bootstrap = settings.requireBootstrap();
    }

    KafkaSettings settings() {
        return settings;
    }

    Admin admin() {
        return admin("admin");
    }

    Admin admin(String name) {
        Map<String, Object> config = common(name);
        config.put("request.timeout.ms", 3_000);
        config.put("default.api.timeout.ms", 4_000);
        return Admin.create(config);
    }

    /** A checkpoint is acknowledged by every replica or fails within a few seconds, so that a sync is not held up. */
    KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> config = common("checkpoints");
        config.put("acks", "all");
        config.put("enable.idempotence", true);
        // The topic may be made at this moment, and the second of two requests to it be taken without the first
        // (KAFKA-15591).
        config.put("max.in.flight.requests.per.connection", 1);
        // Stores that move at the same time share a request.
        config.put("linger.ms", 2);
        config.put("request.timeout.ms", 2_000);
        config.put("delivery.timeout.ms", 4_000);
        config.put("max.block.ms", 3_000);
        config.put("buffer.memory", 8L << 20);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A consumer that belongs to no group and is told where to read. */
    KafkaConsumer<byte[], byte[]> reader(String name) {
        Map<String, Object> config = common(name);
        config.put("enable.auto.commit", false);
        config.put("allow.auto.create.topics", false);
        config.put("auto.offset.reset", "earliest");
        // What is written in a moment comes in one answer: a fetch costs more than the records in it.
        config.put("fetch.min.bytes", 4_096);
        config.put("fetch.max.wait.ms", 50);
        config.put("default.api.timeout.ms", 5_000);
        config.put("metadata.max.age.ms", 5_000);
        config.put("max.poll.records", 2_000);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** The same for who looks at single records here and there, and waits for none. */
    KafkaConsumer<byte[], byte[]> glimpses(String name) {
        Map<String, Object> config = common(name);
        config.put("enable.auto.commit", false);
        config.put("allow.auto.create.topics", false);
        config.put("auto.offset.reset", "earliest");
        config.put("fetch.max.wait.ms", 50);
        config.put("max.partition.fetch.bytes", 16_384);
        config.put("default.api.timeout.ms", 2_000);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, Object> common(String name) {
        Map<String, Object> config = new HashMap<>();
        settings.properties().forEach((property, value) -> config.put(property, value.reveal()));
        config.put("bootstrap.servers", bootstrap);
        config.put("client.id", "tidemark-positions-" + name);
        config.put("reconnect.backoff.max.ms", 2_000);
        return config;
    }
}
