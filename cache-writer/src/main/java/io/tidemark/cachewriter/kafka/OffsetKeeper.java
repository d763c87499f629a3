package io.tidemark.cachewriter.kafka;

import io.tidemark.cachewriter.apply.Partition;
import io.tidemark.cachewriter.rebuild.Rebuilds;
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
 * life say nothing: what is before them is rebuilt, out of a compacted topic that holds the newest of every row, and until that
 * is done the beginning stays committed, with the place to go on from. The polling thread owns it.
 *
 * <p>A commit that fails is made again with the next; until then the same records may come twice, which the fences bear.
 */
public final class OffsetKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetKeeper.class);
    private static final long COMMIT_EVERY_MILLIS = 20;
    private static final Duration ASK = Duration.ofSeconds(5);
    /** Between a life and an offset, in what is committed. */
    private static final String MISSING_UP_TO = " missing-up-to ";

    private final Supplier<@Nullable String> lifeSeen;
    private final Rebuilds rebuilds;
    private final WriterStats stats;
    private final Map<TopicPartition, Long> rebuilding = new HashMap<>();
    private final Map<TopicPartition, Long> pending = new HashMap<>();
    private final Set<TopicPartition> unplaced = new HashSet<>();
    private @Nullable String life;
    private boolean beganAnew;
    private long lastCommit = Long.MIN_VALUE / 2;

    /**
     * @param lifeSeen the life of Redis's data set as it was last seen; null before that
     * @param rebuilds learns what Redis has lost, and says when it is back
     */
    public OffsetKeeper(Supplier<@Nullable String> lifeSeen, Rebuilds rebuilds, WriterStats stats) {
        this.lifeSeen = lifeSeen;
        this.rebuilds = rebuilds;
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
        rebuilding.keySet().removeAll(lost);
        lost.forEach(partition -> rebuilds.drop(name(partition)));
    }

    void beforePoll(Consumer<?, ?> consumer, long nowMillis) {
        String seen = lifeSeen.get();
        if (seen == null) {
            return;
        }
        if (life != null && !life.equals(seen)) {
            LOG.warn("Redis was emptied or restarted: it is rebuilt from Kafka, newest changes first");
            unplaced.addAll(consumer.assignment());
            pending.clear();
            beganAnew = true;
        }
        life = seen;
        place(consumer);
        pending.keySet().retainAll(consumer.assignment());
        takeWhatIsRebuilt();
        Map<TopicPartition, OffsetAndMetadata> offsets = offsets();
        if (!offsets.isEmpty() && nowMillis - lastCommit >= COMMIT_EVERY_MILLIS) {
            lastCommit = nowMillis;
            pending.keySet().removeAll(offsets.keySet());
            consumer.commitAsync(offsets, (committed, failure) -> {
                if (failure != null) {
                    LOG.debug("offsets were not committed: {}", failure.getMessage());
                    committed.forEach((partition, offset) -> pending.putIfAbsent(partition, offset.offset()));
                }
            });
        }
    }

    /** Where the past is back in Redis, what was done since is committed, and at the least that. */
    private void takeWhatIsRebuilt() {
        rebuilding.entrySet().removeIf(left -> {
            boolean isBack = !rebuilds.isLeft(name(left.getKey()));
            if (isBack) {
                pending.merge(left.getKey(), left.getValue(), Math::max);
            }
            return isBack;
        });
    }

    /** Has rebuilt what committed offsets of another life speak of, and commits at once that it is missing. */
    private void place(Consumer<?, ?> consumer) {
        unplaced.retainAll(consumer.assignment());
        if (unplaced.isEmpty()) {
            return;
        }
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(unplaced), ASK);
            Map<TopicPartition, Long> lost = new HashMap<>();
            for (TopicPartition partition : unplaced) {
                OffsetAndMetadata offset = committed.get(partition);
                String of = offset == null ? "" : offset.metadata();
                // Without a word of a life nothing is committed yet, or a person has set the offset, and means it.
                if (of.isEmpty() ? beganAnew : !of.equals(life)) {
                    lost.put(partition, Math.max(consumer.position(partition, ASK), missingUpTo(of)));
                }
            }
            if (!lost.isEmpty()) {
                rebuild(consumer, lost);
            }
            unplaced.clear();
            beganAnew = false;
        } catch (WakeupException stop) {
            throw stop;
        } catch (KafkaException failure) {
            LOG.debug("partitions wait until Kafka says where they were: {}", failure.getMessage());
        }
    }

    private void rebuild(Consumer<?, ?> consumer, Map<TopicPartition, Long> lost) {
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(lost.keySet(), ASK);
        Map<TopicPartition, Long> ends = consumer.endOffsets(lost.keySet(), ASK);
        Map<TopicPartition, OffsetAndMetadata> marks = new HashMap<>();
        Map<TopicPartition, Long> places = new HashMap<>();
        lost.forEach((partition, upTo) -> {
            long begin = begins.getOrDefault(partition, 0L);
            long to = Math.max(begin, Math.min(upTo, ends.getOrDefault(partition, upTo)));
            places.put(partition, to);
            marks.put(partition, new OffsetAndMetadata(begin, life + MISSING_UP_TO + to));
        });
        // Before anything else: a crash between would otherwise leave offsets that are taken for this life's.
        consumer.commitSync(marks, ASK);
        stats.rewound();
        places.forEach((partition, to) -> {
            consumer.seek(partition, to);
            rebuilding.put(partition, to);
            rebuilds.begin(name(partition), to, String.valueOf(life));
        });
        LOG.info("{} partitions are to be rebuilt", places.size());
    }

    /** Up to which offset a partition's past was missing when this was committed; 0 when nothing was. */
    private static long missingUpTo(String metadata) {
        int at = metadata.indexOf(MISSING_UP_TO);
        try {
            return at < 0 ? 0 : Long.parseLong(metadata.substring(at + MISSING_UP_TO.length()));
        } catch (NumberFormatException notOurs) {
            return 0;
        }
    }

    /** What may be committed: of partitions whose past is in Redis. */
    private Map<TopicPartition, OffsetAndMetadata> offsets() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        pending.forEach((partition, offset) -> {
            if (!rebuilding.containsKey(partition)) {
                offsets.put(partition, new OffsetAndMetadata(offset, life));
            }
        });
        return offsets;
    }

    private static Partition name(TopicPartition place) {
        return new Partition(place.topic(), place.partition());
    }
}
