package io.tidemark.cachewriter.kafka;

import io.tidemark.cachewriter.stats.WriterStats;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what is in Redis, and says with every commit in which life of Redis's data set it is there. Offsets of another
 * life say nothing: their partitions are read from the beginning, where a compacted topic holds the newest of every row.
 * The polling thread owns it.
 *
 * <p>A commit that fails is made again with the next; until then the same records may come twice, which the fences bear.
 */
public final class OffsetKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetKeeper.class);
    private static final long COMMIT_EVERY_MILLIS = 20;
    private static final Duration ASK = Duration.ofSeconds(5);

    private final Supplier<@Nullable String> lifeSeen;
    private final WriterStats stats;
    private final Map<TopicPartition, Long> pending = new HashMap<>();
    private final Set<TopicPartition> unplaced = new HashSet<>();
    private @Nullable String life;
    private long lastCommit = Long.MIN_VALUE / 2;

    /** @param lifeSeen the life of Redis's data set as it was last seen; null before that */
    public OffsetKeeper(Supplier<@Nullable String> lifeSeen, WriterStats stats) {
        this.lifeSeen = lifeSeen;
        this.stats = stats;
    }

    /** The effect of everything before the offset is in Redis. */
    void done(TopicPartition partition, long offset) {
        pending.put(partition, offset);
    }

    /** Whether it is known where to read the partition from. */
    boolean isPlaced(TopicPartition partition) {
        return !unplaced.contains(partition);
    }

    void assigned(Collection<TopicPartition> assigned) {
        unplaced.addAll(assigned);
    }

    void revoked(Collection<TopicPartition> revoked, Consumer<?, ?> consumer) {
        Map<TopicPartition, OffsetAndMetadata> theirs = offsets();
        theirs.keySet().retainAll(revoked);
        try {
            if (!theirs.isEmpty()) {
                consumer.commitSync(theirs, ASK);
            }
        } catch (WakeupException stop) {
            // Stopping: the wakeup is meant for the poll, which has to end with it.
            consumer.wakeup();
        } catch (KafkaException failure) {
            LOG.debug("offsets of revoked partitions were not committed: {}", failure.getMessage());
        }
    }

    void lost(Collection<TopicPartition> lost) {
        pending.keySet().removeAll(lost);
        unplaced.removeAll(lost);
    }

    void beforePoll(Consumer<?, ?> consumer, long nowMillis) {
        String seen = lifeSeen.get();
        if (seen == null) {
            return;
        }
        if (life != null && !life.equals(seen)) {
            LOG.warn("Redis was emptied or restarted: every change in Kafka is applied once more");
            unplaced.addAll(consumer.assignment());
            pending.clear();
        }
        life = seen;
        place(consumer);
        pending.keySet().retainAll(consumer.assignment());
        if (!pending.isEmpty() && nowMillis - lastCommit >= COMMIT_EVERY_MILLIS) {
            lastCommit = nowMillis;
            Map<TopicPartition, OffsetAndMetadata> offsets = offsets();
            pending.clear();
            consumer.commitAsync(offsets, (committed, failure) -> {
                if (failure != null) {
                    LOG.debug("offsets were not committed: {}", failure.getMessage());
                    committed.forEach((partition, offset) -> pending.putIfAbsent(partition, offset.offset()));
                }
            });
        }
    }

    /** Goes to the beginning of partitions whose committed offsets are of another life, and commits that at once. */
    private void place(Consumer<?, ?> consumer) {
        unplaced.retainAll(consumer.assignment());
        if (unplaced.isEmpty()) {
            return;
        }
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(unplaced), ASK);
            Set<TopicPartition> ofAnotherLife = new HashSet<>();
            committed.forEach((partition, offset) -> {
                // Without a word of a life, a person has set the offset, and means it.
                if (offset != null
                        && !offset.metadata().isEmpty()
                        && !offset.metadata().equals(life)) {
                    ofAnotherLife.add(partition);
                }
            });
            if (!ofAnotherLife.isEmpty()) {
                rewind(consumer, ofAnotherLife);
            }
            unplaced.clear();
        } catch (WakeupException stop) {
            throw stop;
        } catch (KafkaException failure) {
            LOG.debug("partitions wait until Kafka says where they were: {}", failure.getMessage());
        }
    }

    private void rewind(Consumer<?, ?> consumer, Set<TopicPartition> partitions) {
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, OffsetAndMetadata> beginnings = new HashMap<>();
        for (TopicPartition partition : partitions) {
            beginnings.put(partition, new OffsetAndMetadata(consumer.position(partition, ASK), life));
        }
        // Before anything else: a crash between would otherwise leave offsets that are taken for this life's.
        consumer.commitSync(beginnings, ASK);
        stats.rewound();
        LOG.info("reading {} partitions from their beginning", partitions.size());
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        pending.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset, life)));
        return offsets;
    }
}
