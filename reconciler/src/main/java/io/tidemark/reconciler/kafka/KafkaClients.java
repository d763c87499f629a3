package io.tidemark.reconciler.kafka;

import io.tidemark.core.pipeline.KafkaSettings;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Makes the service's Kafka clients. Thread-safe. */
public final class KafkaClients {
    private final KafkaSettings settings;

    public KafkaClients(KafkaSettings settings) {
        this.settings = settings;
    }

    Admin admin() {
        return Admin.create(common());
    }

    /** One that belongs to no group and commits nothing. */
    Consumer<byte[], byte[]> consumer() {
        Map<String, Object> properties = common();
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, Object> common() {
        Map<String, Object> properties = new HashMap<>();
        settings.properties().forEach((name, value) -> properties.put(name, value.reveal()));
        properties.put("bootstrap.servers", settings.requireBootstrap());
        properties.put("client.id", "tidemark-reconciler");
        return properties;
    }
}
