package io.tidemark.ingest.kafka;

import io.tidemark.core.pipeline.KafkaSettings;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes Kafka's clients with the pipeline's settings. Thread-safe. */
public final class KafkaClients {
    /** What a record carries beside its value: key, headers and the batch's own bytes. */
    private static final int ROOM_AROUND_A_VALUE = 256 * 1024;

    private static final int BATCH_BYTES = 128 * 1024;
    private static final int REQUEST_TIMEOUT_MILLIS = 15_000;
    private static final int DELIVERY_TIMEOUT_MILLIS = 60_000;

    private final KafkaSettings settings;
    private final String bootstrap;

    /** @throws io.tidemark.core.pipeline.InvalidPipelineException when no broker is named */
    public KafkaClients(KafkaSettings settings) {
        this.settings = settings;
        this.bootstrap = settings.requireBootstrap();
    }

    /** The brokers, as host:port with commas. */
    public String bootstrap() {
        return bootstrap;
    }

    /** What every client gets; it may hold secrets. */
    public Map<String, Object> common() {
        Map<String, Object> common = new HashMap<>();
        settings.properties().forEach((name, value) -> common.put(name, value.reveal()));
        common.put("bootstrap.servers", bootstrap);
        common.put("reconnect.backoff.max.ms", 2000);
        return common;
    }

    Admin admin() {
        Map<String, Object> config = common();
        config.put("client.id", "tidemark-ingest-admin");
        config.put("request.timeout.ms", 5000);
        config.put("default.api.timeout.ms", 10_000);
        return Admin.create(config);
    }

    /** A producer that neither loses nor repeats nor reorders within its life. */
    KafkaProducer<byte[], byte[]> producer(int mostBytes) {
        Map<String, Object> config = common();
        config.put(ProducerConfig.CLIENT_ID_CONFIG, "tidemark-ingest");
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, mostBytes + ROOM_AROUND_A_VALUE);
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(24L * 1024 * 1024, mostBytes + ROOM_AROUND_A_VALUE));
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A consumer that belongs to no group . */
    KafkaConsumer<byte[], byte[]> reader() {
        Map<String, Object> config = common();
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, "tidemark-ingest-reader");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    KafkaSettings settings() {
        return settings;
    }
}
