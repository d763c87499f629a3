package io.tidemark.cachewriter.kafka;

import io.tidemark.cachewriter.apply.Partition;
import io.tidemark.cachewriter.past.History;
import io.tidemark.cachewriter.past.ReadAhead;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** The topics of changes on Kafka, read with consumers that belong to no group. Thread-safe: each question has its own. */
public final class KafkaHistory implements History {
    private static final Duration ASK = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);
    /** What a poll gives beyond the end of a piece is read for nothing. */
    private static final int RECORDS_AT_ONCE = 500;

    private static final int BYTES_AT_ONCE = 2 << 20;

    private final Properties settings = new Properties();

    /** @param client the settings of every Kafka client */
    public KafkaHistory(Properties client) {
        settings.putAll(client);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "tidemark-cache-writer-history");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_AT_ONCE);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, BYTES_AT_ONCE);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    }

    @Override
    public Map<Partition, Span> spans(Collection<String> topics) {
        return asked(consumer -> {
            List<TopicPartition> partitions = new ArrayList<>();
            Map<String, List<PartitionInfo>> known = new TreeMap<>(consumer.listTopics(ASK));
            known.keySet().retainAll(topics);
            known.values()
                    .forEach(infos ->
                            infos.forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition()))));
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, ASK);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ASK);
            Map<Partition, Span> spans = new LinkedHashMap<>();
            partitions.forEach(place ->
                    spans.put(name(place), new Span(begins.getOrDefault(place, 0L), ends.getOrDefault(place, 0L))));
            return spans;
        });
    }

    @Override
    public Map<Partition, @Nullable Long> offsetsAt(Collection<Partition> partitions, Instant time) {
        return asked(consumer -> {
            Map<TopicPartition, Long> wanted = new HashMap<>();
            partitions.forEach(partition -> wanted.put(place(partition), time.toEpochMilli()));
            Map<Partition, @Nullable Long> offsets = new HashMap<>();
            Map<TopicPartition, @Nullable OffsetAndTimestamp> found = consumer.offsetsForTimes(wanted, ASK);
            found.forEach((place, at) -> offsets.put(name(place), at == null ? null : at.offset()));
            return offsets;
        });
    }

    @Override
    public @Nullable Instant begins(Partition partition) {
        return asked(consumer -> {
            TopicPartition place = place(partition);
            List<TopicPartition> one = List.of(place);
            long end = consumer.endOffsets(one, ASK).getOrDefault(place, 0L);
            consumer.assign(one);
            consumer.seekToBeginning(one);
            long deadline = System.nanoTime() + ASK.toNanos();
            while (consumer.position(place, ASK) < end && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> oldest : consumer.poll(POLL)) {
                    return Instant.ofEpochMilli(oldest.timestamp());
                }
            }
            return null;
        });
    }

    @Override
    public Reading newestFirst(Partition partition, long from, long to) {
        try {
            return new ReadAhead(new NewestFirst(consumer(), place(partition), from, to));
        } catch (KafkaException away) {
            throw new AwayException(String.valueOf(away.getMessage()), away);
        }
    }

    private <T extends @Nullable Object> T asked(Function<Consumer<byte[], byte[]>, T> question) {
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            return question.apply(consumer);
        } catch (KafkaException away) {
            throw new AwayException("Kafka did not say what its topics hold: " + away.getMessage(), away);
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Partition name(TopicPartition place) {
        return new Partition(place.topic(), place.partition());
    }

    private static TopicPartition place(Partition partition) {
        return new TopicPartition(partition.topic(), partition.number());
    }
}
