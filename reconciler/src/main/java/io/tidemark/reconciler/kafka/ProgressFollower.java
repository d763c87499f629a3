package io.tidemark.reconciler.kafka;

import io.tidemark.core.freshness.Freshness;
import io.tidemark.core.freshness.Progress;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the progress topic and the offsets that cache-writer commits, on a thread of its own, which alone owns the
 * {@link Freshness}. What is known is given to {@link AppliedLsn}. It waits for a Kafka that does not answer.
 */
public final class ProgressFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressFollower.class);
    private static final Duration POLL_WHEN_AWAITED = Duration.ofMillis(15);
    private static final Duration POLL = Duration.ofMillis(250);
    /** While nobody waits: progress comes up to twenty times a second, and asking for offsets costs Kafka each time. */
    private static final Duration ASK_EVERY = Duration.ofMillis(100);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final long ADMIN_SECONDS = 10;

    private final KafkaClients clients;
    private final Topics topics;
    private final AppliedLsn appliedLsn;
    private final Freshness freshness;
    private final Set<String> cacheTopics = new HashSet<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    /** In which life of Redis's data set each offset was committed; the cache-writer says so in the metadata. */
    private final Map<TopicPartition, String> lives = new HashMap<>();

    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable String problem = "waiting for the first answer of Kafka";

    public ProgressFollower(KafkaClients clients, Pipeline pipeline, AppliedLsn appliedLsn) {
        this.clients = clients;
        this.topics = pipeline.kafka().topics();
        this.appliedLsn = appliedLsn;
        pipeline.appliedTables().stream().map(topics::of).forEach(cacheTopics::add);
        this.freshness = new Freshness(cacheTopics);
        this.thread = new Thread(this::run, "progress-follower");
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Why nothing is known at the moment; null when all is well. */
    public @Nullable String problem() {
        return problem;
    }

    private void run() {
        while (!closed) {
            try (Consumer<byte[], byte[]> consumer = clients.consumer();
                    Admin admin = clients.admin()) {
                follow(consumer, admin);
            } catch (KafkaException | TimeoutException failed) {
                waitAfter(failed);
            } catch (RuntimeException bug) {
                LOG.error("BUG: following the progress failed; beginning anew", bug);
                waitAfter(bug);
            }
        }
    }

    private void follow(Consumer<byte[], byte[]> consumer, Admin admin) throws TimeoutException {
        TopicPartition partition = new TopicPartition(topics.progress(), 0);
        awaitTopic(admin);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long lastAsked = System.nanoTime() - ASK_EVERY.toNanos();
        while (!closed) {
            for (ConsumerRecord<byte[], byte[]> message :
                    consumer.poll(appliedLsn.isAwaited() ? POLL_WHEN_AWAITED : POLL)) {
                published(message);
            }
            long now = System.nanoTime();
            if (!appliedLsn.isAwaited() && now - lastAsked < ASK_EVERY.toNanos()) {
                continue;
            }
            lastAsked = now;
            applied(admin);
            problem = null;
            appliedLsn.known(
                    freshness.rightUpTo(),
                    freshness.newest(),
                    lives.values().stream().filter(life -> !life.isEmpty()).collect(Collectors.toSet()));
        }
    }

    /** The topic is made by ingest-service, which may start later. */
    private void awaitTopic(Admin admin) throws TimeoutException {
        while (!closed && !names(admin).contains(topics.progress())) {
            problem = "Kafka has no topic " + topics.progress() + " yet; ingest-service makes it";
            pause();
        }
    }

    private static Set<String> names(Admin admin) throws TimeoutException {
        return answered(admin.listTopics().names());
    }

    private void published(ConsumerRecord<byte[], byte[]> message) {
        if (message.value() != null) {
            try {
                freshness.published(Progress.parse(message.value()));
            } catch (IllegalArgumentException unreadable) {
                LOG.warn(
                        "left out a record of {} at offset {}: {}",
                        message.topic(),
                        message.offset(),
                        unreadable.getMessage());
            }
        }
    }

    private void applied(Admin admin) throws TimeoutException {
        Map<TopicPartition, OffsetAndMetadata> offsets = answered(
                admin.listConsumerGroupOffsets(topics.cacheWriterGroup()).partitionsToOffsetAndMetadata());
        offsets.forEach((partition, offset) -> {
            if (offset != null && cacheTopics.contains(partition.topic())) {
                Long before = committed.put(partition, offset.offset());
                String life = lives.put(partition, offset.metadata());
                boolean redisBeganAnew = life != null && !life.equals(offset.metadata());
                if (redisBeganAnew || (before != null && before > offset.offset())) {
                    freshness.reset(partition.topic());
                    committed.forEach((other, known) -> {
                        if (other.topic().equals(partition.topic())) {
                            freshness.applied(other.topic(), other.partition(), known);
                        }
                    });
                }
                freshness.applied(partition.topic(), partition.partition(), offset.offset());
            }
        });
    }

    private static <T> T answered(KafkaFuture<T> future) throws TimeoutException {
        try {
            return future.get(ADMIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof KafkaException cause ? cause : new KafkaException(failed.getCause());
        } catch (InterruptedException interrupted) {
            throw new InterruptException(interrupted);
        }
    }

    private void waitAfter(Exception failed) {
        if (!closed) {
            problem = "waiting for Kafka ("
                    + (failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage())
                    + "): check that it runs and that kafka.bootstrap names it";
            LOG.warn("{}", problem);
            pause();
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_FAILURE.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
