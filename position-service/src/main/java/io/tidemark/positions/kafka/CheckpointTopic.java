package io.tidemark.positions.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks Kafka about topics, and makes the checkpoints' own. Thread-safe. */
final class CheckpointTopic implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointTopic.class);
    /** Small segments, as only closed ones are compacted and all of it is read at start. */
    private static final Map<String, String> COMPACTED = Map.of(
            "cleanup.policy",
            "compact",
            "segment.bytes",
            Integer.toString(4 * 1024 * 1024),
            "segment.ms",
            Long.toString(3_600_000),
            "min.cleanable.dirty.ratio",
            "0.1");

    private final Admin admin;
    private final String name;
    private final int replication;

    CheckpointTopic(Admin admin, String name, int replication) {
        this.admin = admin;
        this.name = name;
        this.replication = replication;
    }

    TopicPartition partition() {
        return new TopicPartition(name, 0);
    }

    /** Makes the topic unless it is there. Answers whether it had to. */
    boolean ensure() {
        if (!endOffsets(name).isEmpty()) {
            return false;
        }
        try {
            get(admin.createTopics(List.of(new NewTopic(name, 1, (short) replication).configs(COMPACTED)))
                    .all());
            LOG.info("made topic {}", name);
            return true;
        } catch (TopicExistsException anotherInstance) {
            return false;
        }
    }

    /** Where the checkpoints end; empty when there is no such topic. */
    OptionalLong end() {
        Long end = endOffsets(name).get(0);
        return end == null ? OptionalLong.empty() : OptionalLong.of(end);
    }

    /** The end of each partition of a topic; empty when there is no such topic. */
    Map<Integer, Long> endOffsets(String topic) {
        try {
            TopicDescription description =
                    get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            if (description != null) {
                description
                        .partitions()
                        .forEach(partition ->
                                latest.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest()));
            }
            Map<TopicPartition, ListOffsetsResultInfo> ends =
                    get(admin.listOffsets(latest).all());
            Map<Integer, Long> offsets = new HashMap<>();
            ends.forEach((partition, end) -> offsets.put(partition.partition(), end.offset()));
            return offsets;
        } catch (UnknownTopicOrPartitionException absent) {
            return Map.of();
        }
    }

    @Override
    public void close() {
        admin.close();
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while waiting for Kafka", interrupted);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new KafkaException(failed.getCause());
        }
    }
}
