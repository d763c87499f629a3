package io.tidemark.cachewriter.kafka;

import io.tidemark.cachewriter.apply.Incoming;
import io.tidemark.cachewriter.apply.Partition;
import io.tidemark.cachewriter.past.Chunk;
import io.tidemark.cachewriter.past.History;
import io.tidemark.core.change.ChangeHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reads a partition piece by piece from its end to its beginning. A piece holds about {@value #MOST_BYTES} bytes and {@value
 * #MOST_RECORDS} records, whatever the partition holds. For one thread.
 *
 * <p>Nothing before a TRUNCATE is read: of that nothing is left.
 */
final class NewestFirst implements History.Reading {
    /** Small enough that a piece, the next one and what is made of them die young in a heap of 256 MB. */
    private static final long MOST_BYTES = 2L << 20;

    private static final int MOST_RECORDS = 5_000;
    private static final long FIRST_SPAN = 2_500;
    private static final long LONGEST_SPAN = 1L << 40;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration ASK = Duration.ofSeconds(10);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();
    private static final ByteBuffer TRUNCATE = ByteBuffer.wrap(ChangeHeaders.truncateKey());

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final Partition name;
    private final long from;
    private long to;
    private long span = FIRST_SPAN;

    private final Map<ByteBuffer, Kept> kept = new LinkedHashMap<>();
    private long keptBytes;
    private long read;

    /** The newest change of a key, and the tombstone after it. */
    private record Kept(
            @Nullable ConsumerRecord<byte[], byte[]> change,
            @Nullable ConsumerRecord<byte[], byte[]> tombstone) {

        long bytes() {
            byte[] value = change == null ? null : change.value();
            return 100 + (value == null ? 0 : value.length);
        }

        long offset() {
            return tombstone != null ? tombstone.offset() : change == null ? 0 : change.offset();
        }
    }

    /** @param consumer of its own; closed with this */
    NewestFirst(Consumer<byte[], byte[]> consumer, TopicPartition partition, long from, long to) {
        this.consumer = consumer;
        this.partition = partition;
        this.name = new Partition(partition.topic(), partition.partition());
        this.from = from;
        this.to = to;
        consumer.assign(List.of(partition));
    }

    @Override
    public @Nullable Chunk next() {
        if (to <= from) {
            return null;
        }
        kept.clear();
        keptBytes = 0;
        read = 0;
        long begin = Math.max(from, to - span);
        long start;
        try {
            start = readUpTo(begin);
        } catch (KafkaException away) {
            throw new History.AwayException(String.valueOf(away.getMessage()), away);
        }
        if (start > begin) {
            span = Math.max(1, to - start);
        } else if (kept.size() < MOST_RECORDS / 2 && keptBytes < MOST_BYTES / 2) {
            span = Math.min(LONGEST_SPAN, 2 * span);
        }
        to = kept.containsKey(TRUNCATE) ? from : start;
        return new Chunk(records(), to, read);
    }

    /** Reads from an offset to the end of what is left; answers where that begins which could be kept. */
    private long readUpTo(long begin) {
        consumer.seek(partition, begin);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        long at = begin;
        long start = begin;
        while (at < to) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() >= to) {
                    return start;
                }
                keep(record);
                start = Math.max(start, makeRoom());
            }
            long now = consumer.position(partition, ASK);
            if (now > at) {
                deadline = System.nanoTime() + PATIENCE_NANOS;
                at = now;
            } else if (System.nanoTime() > deadline) {
                throw new History.AwayException("nothing came for 30 s at offset " + at + " of " + partition, null);
            }
        }
        return start;
    }

    private void keep(ConsumerRecord<byte[], byte[]> record) {
        read++;
        // A record without a key is nobody's older one.
        ByteBuffer key = record.key() == null
                ? ByteBuffer.allocate(Long.BYTES).putLong(0, record.offset())
                : ByteBuffer.wrap(record.key());
        if (key.equals(TRUNCATE) && record.value() != null) {
            kept.clear();
            keptBytes = 0;
        }
        Kept before = kept.remove(key);
        keptBytes -= before == null ? 0 : before.bytes();
        Kept now = record.value() == null
                ? new Kept(before == null ? null : before.change(), record)
                : new Kept(record, null);
        kept.put(key, now);
        keptBytes += now.bytes();
    }

    /** Gives up the oldest of too much; answers the offset after it, 0 when nothing had to go. */
    private long makeRoom() {
        long start = 0;
        Iterator<Kept> oldest = kept.values().iterator();
        while ((keptBytes > MOST_BYTES || kept.size() > MOST_RECORDS) && kept.size() > 1) {
            Kept gone = oldest.next();
            oldest.remove();
            keptBytes -= gone.bytes();
            start = gone.offset() + 1;
        }
        return start;
    }

    private List<Incoming> records() {
        List<Incoming> records = new ArrayList<>(kept.size());
        for (Kept one : kept.values()) {
            if (one.change() != null) {
                records.add(incoming(one.change()));
            }
            if (one.tombstone() != null) {
                records.add(incoming(one.tombstone()));
            }
        }
        return records;
    }

    private Incoming incoming(ConsumerRecord<byte[], byte[]> record) {
        return new Incoming(name, record.offset(), record.key(), record.value(), header -> header(record, header));
    }

    private static byte @Nullable [] header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : header.value();
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}
