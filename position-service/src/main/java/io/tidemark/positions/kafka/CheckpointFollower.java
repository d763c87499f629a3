package io.tidemark.positions.kafka;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the checkpoints' topic on a thread of its own. When the topic is gone, or begun anew, it is made again and
 * everything known is asked to be written again.
 */
final class CheckpointFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFollower.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long LOOK_EVERY_NANOS = Duration.ofSeconds(2).toNanos();

    /** What the follower asks to be done; called on its thread. */
    interface Listener {
        /** A checkpoint of this record was taken over. */
        void read(byte[] key, byte[] value);

        /** Everything known has to be written again. */
        void topicBegunAnew();
    }

    private final PositionClients clients;
    private final CheckpointTopic topic;
    private final Listener listener;
    private final Thread thread;
    private volatile boolean closed;
    private volatile long next = -1;
    private volatile KafkaConsumer<byte[], byte[]> current;

    CheckpointFollower(PositionClients clients, CheckpointTopic topic, Listener listener) {
        this.clients = clients;
        this.topic = topic;
        this.listener = listener;
        this.thread = new Thread(this::follow, "tidemark-checkpoints");
        thread.setDaemon(true);
        this.current = clients.reader("checkpoints-reader");
    }

    void start() {
        thread.start();
    }

    /**
     * Waits until all that is in the topic now was read.
     *
     * @return whether it was, within the time
     */
    boolean awaitCaughtUp(Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        OptionalLong end = topic.end();
        long wanted = end.orElse(0);
        synchronized (this) {
            try {
                while (next < wanted && !closed) {
                    long left = (deadline - System.nanoTime()) / 1_000_000;
                    if (left <= 0) {
                        return false;
                    }
                    wait(Math.min(left, 50));
                }
                return next >= wanted;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        current.wakeup();
        try {
            thread.join(5_000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() {
        try (KafkaConsumer<byte[], byte[]> consumer = current) {
            TopicPartition partition = topic.partition();
            long lookedAt = System.nanoTime() - LOOK_EVERY_NANOS;
            boolean assigned = false;
            while (!closed) {
                try {
                    if (System.nanoTime() - lookedAt >= LOOK_EVERY_NANOS) {
                        lookedAt = System.nanoTime();
                        assigned = look(consumer, partition, assigned);
                    }
                    if (assigned) {
                        poll(consumer, partition);
                    }
                } catch (WakeupException | InterruptException asked) {
                    LOG.debug("asked to stop", asked);
                } catch (KafkaException | IllegalStateException unreachable) {
                    LOG.warn("the checkpoints on Kafka cannot be followed right now: {}", unreachable.toString());
                    pause();
                }
            }
        }
    }

    private boolean look(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, boolean assigned) {
        boolean made = topic.ensure();
        if (!assigned) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            progressed(0);
        } else if (made || topic.end().orElse(0) < next) {
            LOG.warn("the checkpoints' topic was begun anew: writing everything known again");
            consumer.seekToBeginning(List.of(partition));
            progressed(0);
            listener.topicBegunAnew();
        }
        return true;
    }

    private void poll(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            if (record.key() != null && record.value() != null) {
                listener.read(record.key(), record.value());
            }
        }
        progressed(consumer.position(partition));
    }

    private synchronized void progressed(long offset) {
        next = offset;
        notifyAll();
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
