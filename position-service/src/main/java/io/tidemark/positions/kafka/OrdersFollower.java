package io.tidemark.positions.kafka;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.EnvelopeReader;
import io.tidemark.core.change.UnreadableChangeException;
import io.tidemark.positions.position.StoreId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the orders' own topic on a thread of its own, from what the checkpoints reflect; only keys are looked at. */
final class OrdersFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OrdersFollower.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long LOOK_EVERY_NANOS = Duration.ofSeconds(2).toNanos();

    private final OrdersTable orders;
    private final String topicName;
    private final CheckpointTopic topics;
    private final NewerOrders newer;
    private final ToLongFunction<StoreId> checkpointed;
    private final Supplier<Optional<Map<Integer, Long>>> from;
    private final EnvelopeReader envelopes = new EnvelopeReader();
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean assigned;

    /**
     * @param checkpointed the order of a store above which one counts
     * @param from where to begin to read, asked once; empty: at the end
     */
    OrdersFollower(
            PositionClients clients,
            OrdersTable orders,
            CheckpointTopic topics,
            NewerOrders newer,
            ToLongFunction<StoreId> checkpointed,
            Supplier<Optional<Map<Integer, Long>>> from) {
        this.orders = orders;
        this.topicName = clients.settings().topics().of(orders.table());
        this.topics = topics;
        this.newer = newer;
        this.checkpointed = checkpointed;
        this.from = from;
        this.consumer = clients.reader("orders-reader");
        this.thread = new Thread(this::follow, "tidemark-orders");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Waits until all orders on Kafka now were read; at once when there is no such topic. */
    boolean awaitCaughtUp(Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        Map<Integer, Long> ends = topics.endOffsets(topicName);
        synchronized (this) {
            try {
                while (!reached(ends) && !closed) {
                    long left = (deadline - System.nanoTime()) / 1_000_000;
                    if (left <= 0) {
                        return false;
                    }
                    wait(Math.min(left, 50));
                }
                return reached(ends);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            thread.join(5_000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean reached(Map<Integer, Long> ends) {
        Map<Integer, Long> read = newer.readUpTo();
        return ends.entrySet().stream().allMatch(end -> read.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    private void follow() {
        try (consumer) {
            long lookedAt = System.nanoTime() - LOOK_EVERY_NANOS;
            while (!closed) {
                try {
                    if (System.nanoTime() - lookedAt >= LOOK_EVERY_NANOS) {
                        lookedAt = System.nanoTime();
                        look();
                    }
                    if (assigned) {
                        poll();
                    } else {
                        pause();
                    }
                } catch (WakeupException | InterruptException asked) {
                    LOG.debug("asked to stop", asked);
                } catch (KafkaException | IllegalStateException unreachable) {
                    LOG.warn("the orders on Kafka cannot be followed right now: {}", unreachable.toString());
                    pause();
                }
            }
        }
    }

    /** Takes over partitions that are there by now, and notices a topic that was begun anew. */
    private void look() {
        Map<Integer, Long> ends = topics.endOffsets(topicName);
        List<TopicPartition> known = new ArrayList<>(consumer.assignment());
        List<TopicPartition> wanted = ends.keySet().stream()
                .map(partition -> new TopicPartition(topicName, partition))
                .toList();
        if (wanted.isEmpty()) {
            return;
        }
        if (!known.containsAll(wanted)) {
            consumer.assign(wanted);
            begin(
                    wanted.stream()
                            .filter(partition -> !known.contains(partition))
                            .toList(),
                    ends,
                    known.isEmpty());
        }
        for (TopicPartition partition : known) {
            if (ends.getOrDefault(partition.partition(), 0L) < consumer.position(partition)) {
                LOG.warn("{} was begun anew: reading it from its start", partition);
                consumer.seekToBeginning(List.of(partition));
            }
        }
        assigned = true;
    }

    private void begin(Collection<TopicPartition> fresh, Map<Integer, Long> ends, boolean first) {
        Optional<Map<Integer, Long>> offsets = first ? from.get() : Optional.of(Map.of());
        for (TopicPartition partition : fresh) {
            long end = ends.getOrDefault(partition.partition(), 0L);
            long offset = offsets.map(reflected -> reflected.getOrDefault(partition.partition(), 0L))
                    .orElse(end);
            // Beyond the end: the topic was begun anew since.
            consumer.seek(partition, offset > end ? 0 : offset);
            newer.readUpTo(partition.partition(), offset > end ? 0 : offset);
        }
    }

    private void poll() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            if (record.key() != null && record.value() != null) {
                order(record.key());
            }
        }
        for (TopicPartition partition : consumer.assignment()) {
            newer.readUpTo(partition.partition(), consumer.position(partition));
        }
        synchronized (this) {
            notifyAll();
        }
    }

    private void order(byte[] recordKey) {
        try {
            ObjectNode key = envelopes.readKey(recordKey);
            JsonNode store = key.path(orders.storeColumn());
            JsonNode id = key.path(orders.idColumn());
            if (store.isTextual() && id.canConvertToLong() && StoreId.isName(store.asText())) {
                StoreId name = new StoreId(store.asText());
                newer.order(name, id.asLong(), checkpointed.applyAsLong(name));
            }
        } catch (UnreadableChangeException notAnOrder) {
            // A truncate's key, or one of another form: no order of ours.
            LOG.debug("a key on the orders' topic names no order", notAnOrder);
        }
    }

    private synchronized void pause() {
        try {
            if (!closed) {
                wait(500);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
