package io.tidemark.cachewriter.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** How many records of a group's topics lie behind its committed offsets. Thread-safe; connects when it is first asked. */
public final class KafkaBacklog implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 3;

    private final Properties client;
    private final String group;
    private @Nullable Admin admin;

    public KafkaBacklog(Properties client, String group) {
        this.client = client;
        this.group = group;
    }

    /** Empty when Kafka does not say in time. */
    public OptionalLong records() {
        return byTopic()
                .map(topics -> OptionalLong.of(
                        topics.values().stream().mapToLong(Long::longValue).sum()))
                .orElse(OptionalLong.empty());
    }

    /** The same by topic; empty when Kafka does not say in time. */
    public Optional<Map<String, Long>> byTopic() {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = admin().listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            committed.keySet().forEach(partition -> ends.put(partition, OffsetSpec.latest()));
            Map<String, Long> records = new TreeMap<>();
            for (var end : admin().listOffsets(ends)
                    .all()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .entrySet()) {
                OffsetAndMetadata done = committed.get(end.getKey());
                long behind = Math.max(0, end.getValue().offset() - (done == null ? 0 : done.offset()));
                records.merge(end.getKey().topic(), behind, Long::sum);
            }
            return Optional.of(records);
        } catch (ExecutionException | TimeoutException away) {
            return Optional.empty();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private synchronized Admin admin() {
        Admin open = admin;
        if (open == null) {
            open = Admin.create(client);
            admin = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(java.time.Duration.ofSeconds(1));
        }
    }
}
