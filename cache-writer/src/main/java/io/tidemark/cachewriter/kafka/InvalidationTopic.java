package io.tidemark.cachewriter.kafka;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topic of invalidations, and the producer that writes to it. */
public final class InvalidationTopic {

    /** Whoever was away for longer has to drop everything. */
    private static final long KEPT_MILLIS = TimeUnit.DAYS.toMillis(1);

    private InvalidationTopic() {}

    /**
     * Makes the topic when it is not there: one partition, since their order is what a follower relies on.
     *
     * @param client the settings of every Kafka client
     */
    public static void make(Properties client, String name, int replication)
            throws ExecutionException, TimeoutException, InterruptedException {
        NewTopic topic = new NewTopic(name, 1, (short) replication)
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(KEPT_MILLIS)));
        OwnTopics.make(client, topic);
    }

    /** A producer for it; the caller closes it. */
    public static Producer<byte[], byte[]> producer(Properties client) {
        Properties settings = new Properties();
        settings.putAll(client);
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, "tidemark-cache-writer-invalidations");
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
