package io.tidemark.positions.kafka;

import io.tidemark.core.change.EnvelopeReader;
import io.tidemark.core.change.UnreadableChangeException;
import io.tidemark.core.pipeline.KafkaSettings;
import io.tidemark.positions.lag.CommitTimes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reads the first record that a group has not consumed, for when it was committed: of some partitions at each look, those that
 * were asked for first, and none twice while the group stands still. Belongs to no group. One thread.
 */
public final class UnreadRecords implements CommitTimes, AutoCloseable {
    private static final EnvelopeReader ENVELOPES = new EnvelopeReader();
    private static final int MOST_AT_ONCE = 32;
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private Map<Place, Instant> known = new HashMap<>();

    public UnreadRecords(KafkaSettings settings) {
        this.consumer = new PositionClients(settings).glimpses("lag-unread");
    }

    @Override
    public Map<Place, Instant> of(Collection<Place> places) {
        Map<Place, Instant> times = new HashMap<>();
        Map<TopicPartition, Place> asked = new LinkedHashMap<>();
        for (Place place : places) {
            Instant before = known.get(place);
            if (before != null) {
                times.put(place, before);
            } else if (asked.size() < MOST_AT_ONCE) {
                // Of two groups that stand at different places of one partition the second comes at the next look.
                asked.putIfAbsent(
                        new TopicPartition(place.part().topic(), place.part().partition()), place);
            }
        }
        try {
            read(asked, times);
        } catch (KafkaException away) {
            // What is not known now is asked for again at the next look.
            known = times;
            return times;
        }
        known = times;
        return times;
    }

    private void read(Map<TopicPartition, Place> asked, Map<Place, Instant> times) {
        if (asked.isEmpty()) {
            return;
        }
        consumer.assign(asked.keySet());
        asked.forEach((partition, place) -> consumer.seek(partition, place.offset()));
        Set<TopicPartition> missing = new HashSet<>(asked.keySet());
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (!missing.isEmpty() && System.nanoTime() < until) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                Place place = asked.get(partition);
                if (place != null && missing.remove(partition)) {
                    times.put(place, committedAt(record));
                }
            }
            consumer.pause(asked.keySet().stream()
                    .filter(partition -> !missing.contains(partition))
                    .toList());
        }
        consumer.unsubscribe();
    }

    private static Instant committedAt(ConsumerRecord<byte[], byte[]> record) {
        Instant made = Instant.ofEpochMilli(record.timestamp());
        if (record.value() == null) {
            return made;
        }
        try {
            long micros = ENVELOPES
                    .read(record.key(), record.value(), name -> header(record, name))
                    .committedAtMicros();
            return micros > 0 ? Instant.EPOCH.plus(micros, ChronoUnit.MICROS) : made;
        } catch (UnreadableChangeException noChange) {
            return made;
        }
    }

    private static byte @Nullable [] header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : header.value();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
