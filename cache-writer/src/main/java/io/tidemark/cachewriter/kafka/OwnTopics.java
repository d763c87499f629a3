package io.tidemark.cachewriter.kafka;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topics that this service makes: dead letters, with the producer that writes to it, and repair requests. */
public final class OwnTopics {
    /** A dead letter is as large as any record may be, and its headers come on top. */
    private static final int LARGEST = 80 << 20;

    /** Kafka's client gives up first, in words. */
    private static final int API_TIMEOUT_MILLIS = 10_000;

    private static final long ANSWERED_WITHIN_SECONDS = 15;
    private static final long LOOKED_AGAIN_AFTER_MILLIS = 50;
    private static final Map<String, String> REPAIRS_CONFIG = Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.RETENTION_MS_CONFIG,
            Long.toString(TimeUnit.DAYS.toMillis(1)));

    private OwnTopics() {}

    /**
     * Makes the topic when it is not there.
     *
     * @param client the settings of every Kafka client
     */
    public static void make(Properties client, String name, int replication)
            throws ExecutionException, TimeoutException, InterruptedException {
        make(
                client,
                new NewTopic(name, 1, (short) replication)
                        .configs(Map.of(
                                TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                                TopicConfig.RETENTION_MS_CONFIG, Long.toString(TimeUnit.DAYS.toMillis(30)),
                                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(LARGEST))));
    }

    /** Makes the topic of repair requests when it is not there; a request that nobody took for a day is forgotten. */
    public static void makeRepairs(Properties client, String name, int replication)
            throws ExecutionException, TimeoutException, InterruptedException {
        make(client, new NewTopic(name, 1, (short) replication).configs(REPAIRS_CONFIG));
    }

    /** Makes a topic of one partition when it is not there, and waits until what it has made may be written to. */
    static void make(Properties client, NewTopic topic)
            throws ExecutionException, TimeoutException, InterruptedException {
        Properties settings = new Properties();
        settings.putAll(client);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MILLIS);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, API_TIMEOUT_MILLIS);
        try (Admin admin = Admin.create(settings)) {
            admin.createTopics(List.of(topic)).all().get(ANSWERED_WITHIN_SECONDS, TimeUnit.SECONDS);
            awaitLeader(admin, new TopicPartition(topic.name(), 0));
        } catch (ExecutionException failure) {
            if (!(failure.getCause() instanceof TopicExistsException)) {
                throw failure;
            }
        }
    }

    /**
     * Until a new partition's leader answers for it, it refuses what is written; and of two batches that are under way the second
     * could be taken after the first was refused, which would then be refused until it expires (KAFKA-15591).
     */
    private static void awaitLeader(Admin admin, TopicPartition partition)
            throws ExecutionException, TimeoutException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWERED_WITHIN_SECONDS);
        while (true) {
            try {
                admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                        .all()
                        .get(ANSWERED_WITHIN_SECONDS, TimeUnit.SECONDS);
                return;
            } catch (ExecutionException failure) {
                if (!(failure.getCause() instanceof RetriableException) || System.nanoTime() - deadline > 0) {
                    throw failure;
                }
                TimeUnit.MILLISECONDS.sleep(LOOKED_AGAIN_AFTER_MILLIS);
            }
        }
    }

    /** A producer for it; the caller closes it. */
    public static Producer<byte[], byte[]> producer(Properties client) {
        Properties settings = new Properties();
        settings.putAll(client);
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, "tidemark-cache-writer-dead-letters");
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, (long) LARGEST);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
