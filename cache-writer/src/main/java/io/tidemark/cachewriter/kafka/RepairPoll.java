package io.tidemark.cachewriter.kafka;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.repair.Repairing;
import io.tidemark.core.postgres.ShapeChangedException;
import io.tidemark.core.repair.RepairRequest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes repair requests from Kafka and has them done, on a thread of its own, beside the changes. An offset is committed when
 * what stands before it is done; what cannot be done now, because the database or Redis is away, is tried again.
 */
public final class RepairPoll implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RepairPoll.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long PAUSE_MILLIS = 500;
    private static final int REQUESTS_AT_ONCE = 20;
    private static final long LAST_PORTION_SECONDS = 5;

    private final Properties settings;
    private final String topic;
    private final BooleanSupplier isOpen;
    private final Supplier<Repairing> repairing;
    private final Thread thread = new Thread(this::run, "repairs");
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile @Nullable Consumer<byte[], byte[]> polling;
    private boolean troubled;

    /**
     * @param client the settings of every Kafka client
     * @param isOpen whether entries can be written
     * @param repairing gives a new one for each portion of requests
     */
    public RepairPoll(
            Properties client, String topic, String group, BooleanSupplier isOpen, Supplier<Repairing> repairing) {
        this.settings = new Properties();
        settings.putAll(client);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "tidemark-cache-writer-repairs");
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, REQUESTS_AT_ONCE);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 3_000);
        this.topic = topic;
        this.isOpen = isOpen;
        this.repairing = repairing;
        thread.setDaemon(true);
    }

    public void begin() {
        thread.start();
    }

    private void run() {
        try {
            pollUntilClosed();
        } finally {
            ended.countDown();
        }
    }

    private void pollUntilClosed() {
        while (!closed) {
            if (!isOpen.getAsBoolean()) {
                pause();
                continue;
            }
            try (Consumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer.subscribe(List.of(topic));
                polling = consumer;
                while (!closed) {
                    take(consumer);
                }
            } catch (WakeupException | InterruptException stopped) {
                LOG.debug("stopped while waiting for repairs", stopped);
            } catch (KafkaException away) {
                trouble(away);
            } catch (EntriesException away) {
                trouble(away);
            } catch (RuntimeException bug) {
                LOG.error("BUG: taking repairs failed; beginning anew", bug);
                pause();
            }
        }
    }

    private void take(Consumer<byte[], byte[]> consumer) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        if (records.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
        boolean isBroken = false;
        try (Repairing portion = repairing.get()) {
            for (TopicPartition partition : records.partitions()) {
                for (ConsumerRecord<byte[], byte[]> request : records.records(partition)) {
                    if (isBroken || !isDone(portion, request)) {
                        isBroken = true;
                        consumer.seek(partition, request.offset());
                        break;
                    }
                    done.put(partition, new OffsetAndMetadata(request.offset() + 1));
                }
            }
        }
        consumer.commitSync(done);
        if (isBroken) {
            pause();
        } else {
            troubled = false;
        }
    }

    /** Whether nothing is left to do for a request. */
    private boolean isDone(Repairing portion, ConsumerRecord<byte[], byte[]> request) {
        try {
            if (request.value() != null) {
                portion.repair(RepairRequest.parse(request.value()));
            }
            return true;
        } catch (IllegalArgumentException unreadable) {
            LOG.warn("left out the record at offset {} of {}: {}", request.offset(), topic, unreadable.getMessage());
            return true;
        } catch (SQLException | EntriesException | ShapeChangedException away) {
            trouble(away);
            return false;
        }
    }

    private void trouble(Exception away) {
        if (!troubled && !closed) {
            troubled = true;
            LOG.warn("repairs wait and are tried again: {}", away.getMessage());
        }
        pause();
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    /** Lets the portion in hand be done, for a while: interrupted, Kafka's client would complain of its end. */
    @Override
    public void close() {
        closed = true;
        Consumer<byte[], byte[]> consumer = polling;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            if (thread.isAlive() && !ended.await(LAST_PORTION_SECONDS, TimeUnit.SECONDS)) {
                thread.interrupt();
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            thread.interrupt();
        }
    }
}
