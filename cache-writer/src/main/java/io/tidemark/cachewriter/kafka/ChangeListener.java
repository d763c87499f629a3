package io.tidemark.cachewriter.kafka;

import io.micronaut.configuration.kafka.ConsumerAware;
import io.micronaut.configuration.kafka.annotation.KafkaListener;
import io.micronaut.configuration.kafka.annotation.OffsetReset;
import io.micronaut.configuration.kafka.annotation.OffsetStrategy;
import io.micronaut.configuration.kafka.annotation.Topic;
import io.micronaut.context.annotation.Requires;
import java.util.Collection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where Micronaut hands over what was polled. It never throws: every error strategy of Micronaut's ends with a record
 * skipped.
 */
@KafkaListener(
        groupId = "${tidemark.writer.group}",
        clientId = "tidemark-cache-writer",
        batch = true,
        offsetReset = OffsetReset.EARLIEST,
        offsetStrategy = OffsetStrategy.DISABLED,
        pollTimeout = "50ms")
@Requires(property = "tidemark.writer.topics")
final class ChangeListener implements ConsumerRebalanceListener, ConsumerAware<byte[], byte[]> {
    private final PollLoop loop;
    private @Nullable Consumer<byte[], byte[]> consumer;

    ChangeListener(PollLoop loop) {
        this.loop = loop;
    }

    @Override
    public void setKafkaConsumer(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    @Topic(patterns = "${tidemark.writer.topics}")
    void receive(ConsumerRecords<byte[], byte[]> records, Consumer<byte[], byte[]> polled) {
        loop.receive(records, polled);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
        loop.assigned(assigned, consumer());
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
        loop.revoked(revoked, consumer());
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
        loop.lost(lost);
    }

    private Consumer<byte[], byte[]> consumer() {
        if (consumer == null) {
            throw new IllegalStateException("BUG: partitions before the consumer");
        }
        return consumer;
    }
}
