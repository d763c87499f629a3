package io.tidemark.cachewriter.kafka;

import io.tidemark.cachewriter.apply.BatchApplier;
import io.tidemark.cachewriter.apply.BatchOutcome;
import io.tidemark.cachewriter.apply.Incoming;
import io.tidemark.cachewriter.apply.Partition;
import io.tidemark.cachewriter.stats.WriterStats;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the polling thread does between polls: applies what came, commits what is in Redis, holds partitions that have to
 * wait, and goes back to the beginning when Redis has lost its data. The polling thread owns it; only {@link
 * #lastPollMillis} may be asked from elsewhere.
 */
public final class PollLoop {
    private static final Logger LOG = LoggerFactory.getLogger(PollLoop.class);
    private static final long FIRST_HOLD_MILLIS = 200;
    private static final long LONGEST_HOLD_MILLIS = 2_000;

    private final BatchApplier applier;
    private final BooleanSupplier isOpen;
    private final TruncateCopies copies;
    private final OffsetKeeper offsets;
    private final WriterStats stats;
    private final LongSupplier millis;
    private final Map<TopicPartition, Hold> held = new HashMap<>();
    private final Map<TopicPartition, Partition> partitions = new HashMap<>();
    private volatile long lastPollMillis;

    /** A partition that waits before it is tried again. */
    private record Hold(long offset, long untilMillis, long lengthMillis) {}

    /**
     * @param isOpen whether records may be applied yet
     * @param millis a clock that never goes back
     */
    public PollLoop(
            BatchApplier applier,
            BooleanSupplier isOpen,
            TruncateCopies copies,
            OffsetKeeper offsets,
            WriterStats stats,
            LongSupplier millis) {
        this.applier = applier;
        this.isOpen = isOpen;
        this.copies = copies;
        this.offsets = offsets;
        this.stats = stats;
        this.millis = millis;
        this.lastPollMillis = millis.getAsLong();
    }

    /** When the consumer was last about to poll, by the clock given. Any thread may ask. */
    public long lastPollMillis() {
        return lastPollMillis;
    }

    /** Runs before every poll, idle ones too. */
    void beforePoll(Consumer<?, ?> consumer) {
        long now = millis.getAsLong();
        lastPollMillis = now;
        if (isOpen.getAsBoolean()) {
            offsets.beforePoll(consumer, now);
        }
        List<TopicPartition> waiting = new ArrayList<>();
        for (TopicPartition partition : consumer.assignment()) {
            Hold hold = held.get(partition);
            if (!isOpen.getAsBoolean() || !offsets.isPlaced(partition) || (hold != null && hold.untilMillis() > now)) {
                waiting.add(partition);
            }
        }
        if (!waiting.isEmpty()) {
            consumer.pause(waiting);
        }
    }

    /** Takes a batch. */
    void receive(ConsumerRecords<byte[], byte[]> records, Consumer<?, ?> consumer) {
        if (!isOpen.getAsBoolean()) {
            records.partitions()
                    .forEach(partition -> seek(
                            consumer,
                            partition,
                            records.records(partition).get(0).offset()));
            return;
        }
        if (!copies.areMadeOf(records)) {
            for (TopicPartition partition : records.partitions()) {
                long first = records.records(partition).get(0).offset();
                hold(partition, first, millis.getAsLong());
                seek(consumer, partition, first);
            }
            return;
        }
        stats.batch(records.count());
        BatchOutcome outcome = applier.apply(() -> incoming(records));
        long now = millis.getAsLong();
        outcome.commit().forEach((partition, offset) -> {
            TopicPartition place = place(partition);
            offsets.done(place, offset);
            Long again = outcome.again().get(partition);
            if (again == null) {
                held.remove(place);
            } else {
                hold(place, again, now);
                seek(consumer, place, again);
            }
        });
    }

    void assigned(Collection<TopicPartition> assigned, Consumer<?, ?> consumer) {
        offsets.assigned(assigned);
        // What is assigned within a poll could be fetched in that same poll.
        consumer.pause(assigned);
    }

    void revoked(Collection<TopicPartition> revoked, Consumer<?, ?> consumer) {
        offsets.revoked(revoked, consumer);
        lost(revoked);
    }

    void lost(Collection<TopicPartition> lost) {
        offsets.lost(lost);
        held.keySet().removeAll(lost);
    }

    private void hold(TopicPartition partition, long offset, long now) {
        Hold before = held.get(partition);
        long length = before == null || before.offset() != offset
                ? FIRST_HOLD_MILLIS
                : Math.min(2 * before.lengthMillis(), LONGEST_HOLD_MILLIS);
        held.put(partition, new Hold(offset, now + length, length));
    }

    private static void seek(Consumer<?, ?> consumer, TopicPartition partition, long offset) {
        try {
            consumer.seek(partition, offset);
        } catch (IllegalStateException notOursAnyMore) {
            // Whoever has it now goes on from the committed offset, which is not past this one.
            LOG.debug("partition {} was taken away: {}", partition, notOursAnyMore.getMessage());
        }
    }

    private Iterator<Incoming> incoming(ConsumerRecords<byte[], byte[]> records) {
        Iterator<ConsumerRecord<byte[], byte[]>> each = records.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return each.hasNext();
            }

            @Override
            public Incoming next() {
                ConsumerRecord<byte[], byte[]> record = each.next();
                return new Incoming(
                        partition(record), record.offset(), record.key(), record.value(), name -> header(record, name));
            }
        };
    }

    private Partition partition(ConsumerRecord<?, ?> record) {
        return partitions.computeIfAbsent(
                new TopicPartition(record.topic(), record.partition()),
                place -> new Partition(place.topic(), place.partition()));
    }

    private static TopicPartition place(Partition partition) {
        return new TopicPartition(partition.topic(), partition.number());
    }

    private static byte @Nullable [] header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : header.value();
    }
}
