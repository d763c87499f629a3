package io.tidemark.cachewriter.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tidemark.cachewriter.topics.RowTopics.Each;
import io.tidemark.cachewriter.topics.RowTopics.Newest;
import io.tidemark.core.change.ChangeHeaders;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole topic, partition by partition, twice: first for the offset of each row's newest record, then for those records.
 * What it remembers is bounded: of a large partition it takes one part of the keys after the other. For one thread, once.
 */
final class TopicReading {
    private static final long KEYS_AT_ONCE = 250_000;
    private static final int ROWS_AT_ONCE = 200;
    private static final long BYTES_AT_ONCE = 4L << 20;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final BooleanSupplier goOn;
    private final Each each;
    private int epoch;
    private boolean unsure;

    /** What is done with a record. */
    @FunctionalInterface
    private interface Work {
        void on(ConsumerRecord<byte[], byte[]> record) throws SQLException, InterruptedException;
    }

    TopicReading(Consumer<byte[], byte[]> consumer, List<TopicPartition> partitions, BooleanSupplier goOn, Each each) {
        this.consumer = consumer;
        this.partitions = partitions;
        this.goOn = goOn;
        this.each = each;
    }

    void from(TopicCursor start) throws SQLException, InterruptedException {
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, KafkaRowTopics.ASK);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, KafkaRowTopics.ASK);
        findEpoch(begins, ends);
        for (TopicPartition partition : partitions) {
            long begin = begins.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, 0L);
            boolean resumed = partition.partition() == start.partition();
            if (partition.partition() < start.partition() || begin == end) {
                continue;
            }
            consumer.assign(List.of(partition));
            int slices = resumed ? start.slices() : (int) ((end - begin + KEYS_AT_ONCE - 1) / KEYS_AT_ONCE);
            for (int slice = resumed ? start.slice() : 0; slice < slices && goOn.getAsBoolean(); slice++) {
                boolean here = resumed && slice == start.slice();
                TopicCursor from = new TopicCursor(
                        partition.partition(), slice, slices, here ? Math.max(begin, start.offset()) : begin);
                Map<Long, Long> last = lastOffsets(partition, begin, end, from);
                give(partition, from, end, last);
                giveLate(partition, from, end, last);
            }
        }
    }

    /** The epoch of the newest records: a partition is written in the order of the stream. */
    private void findEpoch(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends)
            throws SQLException, InterruptedException {
        for (TopicPartition partition : partitions) {
            long end = ends.getOrDefault(partition, 0L);
            if (end > begins.getOrDefault(partition, 0L)) {
                consumer.assign(List.of(partition));
                go(partition, end - 1, end, record -> epoch = Math.max(epoch, epochOf(record)));
            }
        }
    }

    private Map<Long, Long> lastOffsets(TopicPartition partition, long begin, long end, TopicCursor at)
            throws SQLException, InterruptedException {
        Map<Long, Long> last = new HashMap<>();
        unsure = false;
        go(partition, begin, end, record -> {
            if (record.value() != null && ChangeHeaders.isTruncate(record.key())) {
                // Of what stands before it nothing is left, where its place says what is older.
                unsure |= ChangeHeaders.isTruncateWithoutPlace(record.key());
                if (!unsure) {
                    last.clear();
                }
                return;
            }
            if (record.key() != null && isIn(at, hash(record.key()))) {
                last.put(hash(record.key()), record.offset());
            }
            epoch = Math.max(epoch, epochOf(record));
        });
        return last;
    }

    private void give(TopicPartition partition, TopicCursor from, long end, Map<Long, Long> last)
            throws SQLException, InterruptedException {
        List<Newest> rows = new ArrayList<>();
        long[] bytes = {0};
        go(partition, from.offset(), end, record -> {
            byte[] value = record.value();
            if (record.key() == null
                    || value == null
                    || ChangeHeaders.isTruncate(record.key())
                    || !isNewest(record, from, last)) {
                return;
            }
            rows.add(newest(record));
            bytes[0] += value.length;
            if (rows.size() >= ROWS_AT_ONCE || bytes[0] >= BYTES_AT_ONCE) {
                bytes[0] = 0;
                hand(rows, from, record.offset() + 1);
            }
        });
        if (goOn.getAsBoolean()) {
            hand(rows, from, end);
        }
    }

    /**
     * What came to these rows while they were given. Whoever follows the topic applies it too, and its fence refuses what is older;
     * but where Redis evicts, the fence may be gone again.
     */
    private void giveLate(TopicPartition partition, TopicCursor at, long end, Map<Long, Long> last)
            throws SQLException, InterruptedException {
        long now = consumer.endOffsets(List.of(partition), KafkaRowTopics.ASK).getOrDefault(partition, end);
        List<Newest> rows = new ArrayList<>();
        go(partition, end, now, record -> {
            if (record.key() == null || !last.containsKey(hash(record.key()))) {
                return;
            }
            rows.add(newest(record));
            if (rows.size() >= ROWS_AT_ONCE) {
                each.late(List.copyOf(rows));
                rows.clear();
            }
        });
        each.late(rows);
    }

    private Newest newest(ConsumerRecord<byte[], byte[]> record) {
        return new Newest(
                record.key(), record.value(), name -> header(record, name), unsure || epochOf(record) < epoch);
    }

    private void hand(List<Newest> rows, TopicCursor at, long next) throws SQLException, InterruptedException {
        List<Newest> portion = List.copyOf(rows);
        rows.clear();
        each.take(portion, new TopicCursor(at.partition(), at.slice(), at.slices(), next).toString());
    }

    private static boolean isNewest(ConsumerRecord<byte[], byte[]> record, TopicCursor at, Map<Long, Long> last) {
        long hash = hash(record.key());
        return isIn(at, hash) && last.getOrDefault(hash, -1L) == record.offset();
    }

    /** Does something with each record from one offset to another, as long as it shall go on. */
    private void go(TopicPartition partition, long from, long end, Work work)
            throws SQLException, InterruptedException {
        consumer.seek(partition, from);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        long at = from;
        while (at < end && goOn.getAsBoolean()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < end && goOn.getAsBoolean()) {
                    work.on(record);
                }
            }
            long now = consumer.position(partition, KafkaRowTopics.ASK);
            if (now > at) {
                deadline = System.nanoTime() + PATIENCE_NANOS;
                at = now;
            } else if (System.nanoTime() > deadline) {
                throw new TimeoutException("nothing came for 30 s at offset " + at + " of " + partition);
            }
        }
    }

    /** Two hashes that have nothing to do with each other. Of two keys with one hash, one is left to whoever asks for it. */
    private static long hash(byte[] key) {
        return (long) Utils.murmur2(key) << 32 | Arrays.hashCode(key) & 0xffffffffL;
    }

    private static boolean isIn(TopicCursor at, long hash) {
        return Math.floorMod(hash >>> 16, at.slices()) == at.slice();
    }

    private static int epochOf(ConsumerRecord<byte[], byte[]> record) {
        byte[] text = header(record, ChangeHeaders.EPOCH);
        try {
            return text == null ? 1 : Integer.parseInt(new String(text, US_ASCII));
        } catch (NumberFormatException unreadable) {
            return 0;
        }
    }

    private static byte @Nullable [] header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : header.value();
    }
}
