package io.tidemark.cachewriter.kafka;

import io.tidemark.cachewriter.jobs.PartAwayException;
import io.tidemark.cachewriter.jobs.RefusedException;
import io.tidemark.cachewriter.topics.RowTopics;
import io.tidemark.core.change.TableId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads the topics of tables with a consumer of its own each time, which is of no group and commits nothing. Thread-safe. */
public final class KafkaRowTopics implements RowTopics {
    static final Duration ASK = Duration.ofSeconds(10);
    private static final int MEGABYTE = 1 << 20;

    private final Properties client;
    private final Function<TableId, String> topicOf;

    /** @param client the settings of every Kafka client */
    public KafkaRowTopics(Properties client, Function<TableId, String> topicOf) {
        this.client = client;
        this.topicOf = topicOf;
    }

    @Override
    public long records(TableId table) {
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer, table);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, ASK);
            return consumer.endOffsets(partitions, ASK).entrySet().stream()
                    .mapToLong(end -> end.getValue() - begins.getOrDefault(end.getKey(), 0L))
                    .sum();
        } catch (KafkaException away) {
            throw away(table, away);
        }
    }

    @Override
    public void newest(TableId table, @Nullable String cursor, BooleanSupplier goOn, Each each)
            throws SQLException, InterruptedException {
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            new TopicReading(consumer, partitions(consumer, table), goOn, each).from(TopicCursor.parse(cursor));
        } catch (InterruptException stopped) {
            throw (InterruptedException)
                    new InterruptedException("the reading of a topic was stopped").initCause(stopped);
        } catch (KafkaException away) {
            throw away(table, away);
        }
    }

    private List<TopicPartition> partitions(Consumer<?, ?> consumer, TableId table) {
        String topic = topicOf.apply(table);
        List<PartitionInfo> found = consumer.partitionsFor(topic, ASK);
        if (found == null || found.isEmpty()) {
            throw new RefusedException(
                    "source",
                    "Kafka has no topic " + topic + " to read rows from",
                    "check that ingest-service has published " + table
                            + " and that kafka.prefix is its, or use the database as the source");
        }
        return found.stream()
                .map(one -> new TopicPartition(one.topic(), one.partition()))
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .toList();
    }

    private Consumer<byte[], byte[]> consumer() {
        Properties settings = new Properties();
        settings.putAll(client);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "tidemark-cache-writer-rows");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // A fetch that waits at the end of a partition holds up the next reading, which begins elsewhere.
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 * MEGABYTE);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 2 * MEGABYTE);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private PartAwayException away(TableId table, KafkaException failure) {
        return new PartAwayException(
                "topic " + topicOf.apply(table) + " cannot be read: " + failure.getMessage()
                        + "; check that Kafka runs, or use the database as the source",
                failure);
    }
}
