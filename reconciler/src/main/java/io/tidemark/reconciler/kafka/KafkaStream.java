package io.tidemark.reconciler.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.core.change.Change;
import io.tidemark.core.change.ChangeHeaders;
import io.tidemark.core.change.EnvelopeReader;
import io.tidemark.core.change.Operation;
import io.tidemark.core.change.UnreadableChangeException;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.pipeline.Topics;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.reconciler.cause.Evidence.Search;
import io.tidemark.reconciler.cause.Stream;
import io.tidemark.reconciler.verify.Drift;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Goes through a table's topic, and the dead letters, for the changes of some rows. Thread-safe. */
public final class KafkaStream implements Stream {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final KafkaClients clients;
    private final Topics topics;
    private final Shapes shapes;
    private final EnvelopeReader envelopes = new EnvelopeReader();

    /** Says how tables are shaped now. */
    @FunctionalInterface
    public interface Shapes {
        TableShape of(Cache cache) throws SQLException;
    }

    public KafkaStream(KafkaClients clients, Topics topics, Shapes shapes) {
        this.clients = clients;
        this.topics = topics;
        this.shapes = shapes;
    }

    @Override
    public Map<String, Search> newest(Cache cache, List<Drift> drifts) throws InterruptedException {
        WantedRows wanted;
        try {
            wanted = new WantedRows(cache, shapes.of(cache), drifts);
        } catch (SQLException away) {
            return all(drifts, new Search.NotMade("PostgreSQL does not say how the table is shaped"));
        }
        String topic = topics.of(cache.table());
        try (org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer = clients.consumer()) {
            boolean whole = goThrough(consumer, topic, record -> change(wanted, record))
                    && goThrough(consumer, topics.deadLetters(), record -> deadLetter(wanted, topic, record));
            return whole
                    ? wanted.found()
                    : all(drifts, new Search.NotMade("it took more than " + LONGEST.toSeconds() + " s"));
        } catch (KafkaException away) {
            return all(drifts, new Search.NotMade("Kafka does not answer"));
        }
    }

    private static Map<String, Search> all(List<Drift> drifts, Search search) {
        Map<String, Search> all = new HashMap<>();
        drifts.forEach(drift -> all.put(drift.key(), search));
        return all;
    }

    private void change(WantedRows wanted, ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return;
        }
        try {
            boolean isOfRow = record.key() != null && !ChangeHeaders.isTruncate(record.key());
            if (isOfRow && !wanted.has(envelopes.readKey(record.key()))) {
                return;
            }
            Change change = envelopes.read(record.key(), record.value(), name -> header(record, name));
            if (change.operation() == Operation.TRUNCATE || change.key() != null) {
                wanted.take(change, record.partition(), record.offset());
            }
        } catch (UnreadableChangeException unreadable) {
            // It is in the dead letters, where it is looked for too.
            return;
        }
    }

    private void deadLetter(WantedRows wanted, String topic, ConsumerRecord<byte[], byte[]> record) {
        try {
            if (record.key() != null && topic.equals(text(record, "tidemark.topic"))) {
                wanted.takeUnreadable(
                        envelopes.readKey(record.key()),
                        Integer.parseInt(text(record, "tidemark.partition")),
                        Long.parseLong(text(record, "tidemark.offset")),
                        text(record, "tidemark.cause"));
            }
        } catch (UnreadableChangeException | NumberFormatException notOfARow) {
            return;
        }
    }

    private static byte @Nullable [] header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : header.value();
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
        byte[] value = header(record, name);
        return value == null ? "" : new String(value, UTF_8);
    }

    /** Answers whether all of the topic was seen, as far as it reached at the beginning. */
    private static boolean goThrough(
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
            String topic,
            Consumer<ConsumerRecord<byte[], byte[]>> each)
            throws InterruptedException {
        Set<String> known = consumer.listTopics().keySet();
        if (!known.contains(topic)) {
            return true;
        }
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map((PartitionInfo info) -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
            if (Thread.interrupted()) {
                throw new InterruptedException("the reconciler was stopped");
            }
            if (System.nanoTime() > deadline) {
                return false;
            }
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            records.forEach(each);
        }
        return true;
    }
}
