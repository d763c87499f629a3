package io.tidemark.reconciler.kafka;

import io.tidemark.core.freshness.Freshness;
import io.tidemark.core.freshness.Progress;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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
 * Follows what was published (the progress topic, or Debezium's stored offsets where nobody writes that) and the offsets that
 * cache-writer commits, on a thread of its own, which alone owns the {@link Freshness}. What is known is given to {@link AppliedLsn}. It waits for a Kafka that does not answer.
 */
public final class ProgressFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressFollower.class);
    private static final Duration POLL_WHEN_AWAITED = Duration.ofMillis(15);
    private static final Duration POLL = Duration.ofMillis(250);
    /** While nobody waits: progress comes up to twenty times a second, and asking for offsets costs Kafka each time. */
    private static final Duration ASK_EVERY = Duration.ofMillis(100);

    /** Whether a topic was made meanwhile. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(3);

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
        StoredOffsets stored = new StoredOffsets(topics.prefix());
        Set<TopicPartition> followed = awaitTopics(admin);
        consumer.assign(followed);
        consumer.seekToBeginning(followed);
        long lastAsked = System.nanoTime() - ASK_EVERY.toNanos();
        long lastLooked = System.nanoTime();
        while (!closed) {
            for (ConsumerRecord<byte[], byte[]> message :
                    consumer.poll(appliedLsn.isAwaited() ? POLL_WHEN_AWAITED : POLL)) {
                take(message, stored);
            }
            derive(consumer, admin, stored);
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
            if (now - lastLooked > LOOK_EVERY.toNanos()) {
                lastLooked = now;
                if (!partitions(admin).equals(followed)) {
                    return;
                }
            }
        }
    }

    /** The topics are made by ingest-service or a Kafka Connect cluster, which may start later. */
    private Set<TopicPartition> awaitTopics(Admin admin) throws TimeoutException {
        Set<TopicPartition> found = partitions(admin);
        while (!closed && found.isEmpty()) {
            problem = "Kafka has no topic " + topics.progress() + " and no " + topics.offsets()
                    + " yet; ingest-service makes them, or the connector in its place the second";
            pause();
            found = partitions(admin);
        }
        return found;
    }

    private Set<TopicPartition> partitions(Admin admin) throws TimeoutException {
        return partitions(admin, Set.of(topics.progress(), topics.offsets()));
    }

    private static Set<TopicPartition> partitions(Admin admin, Set<String> wanted) throws TimeoutException {
        Set<String> existing = new HashSet<>(names(admin));
        existing.retainAll(wanted);
        Set<TopicPartition> partitions = new HashSet<>();
        answered(admin.describeTopics(existing).allTopicNames()).forEach((topic, description) -> description
                .partitions()
                .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition()))));
        return partitions;
    }

    /**
     * A Kafka Connect cluster in place of ingest-service writes no progress, but its stored offset says up to where all is in
     * Kafka. So whatever the topics hold after it was read holds all of that.
     */
    private void derive(Consumer<byte[], byte[]> consumer, Admin admin, StoredOffsets stored) throws TimeoutException {
        long lsn = stored.publishedLsn();
        Progress newest = freshness.newest();
        if (lsn == 0 || newest != null && Long.compareUnsigned(newest.publishedLsn(), lsn) >= 0) {
            return;
        }
        Set<TopicPartition> changes = partitions(admin, cacheTopics);
        Set<TopicPartition> all = new HashSet<>(consumer.assignment());
        all.addAll(changes);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        for (TopicPartition followed : consumer.assignment()) {
            // A newer epoch or an offset taken back may stand there, unread.
            if (consumer.position(followed) < ends.getOrDefault(followed, Long.MAX_VALUE)) {
                return;
            }
        }
        SortedMap<String, List<Long>> endOffsets = new TreeMap<>();
        changes.stream()
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .forEach(partition -> endOffsets
                        .computeIfAbsent(partition.topic(), topic -> new ArrayList<>())
                        .add(ends.getOrDefault(partition, Long.MAX_VALUE)));
        freshness.published(new Progress(newest == null ? 1 : newest.epoch(), lsn, stored.atMicros(), endOffsets));
    }

    private static Set<String> names(Admin admin) throws TimeoutException {
        return answered(admin.listTopics().names());
    }

    private void take(ConsumerRecord<byte[], byte[]> message, StoredOffsets stored) {
        try {
            if (message.topic().equals(topics.offsets())) {
                stored.take(message);
            } else if (message.value() != null) {
                freshness.published(Progress.parse(message.value()));
            }
        } catch (IllegalArgumentException unreadable) {
            LOG.warn(
                    "left out a record of {} at offset {}: {}",
                    message.topic(),
                    message.offset(),
                    unreadable.getMessage());
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
