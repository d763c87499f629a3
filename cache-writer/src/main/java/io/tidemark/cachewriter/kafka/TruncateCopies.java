package io.tidemark.cachewriter.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.core.change.ChangeHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts copies of a TRUNCATE's record on all other partitions of its topic, where a Kafka Connect cluster captured it and put it on
 * one: whoever reads another partition, today or when Redis is rebuilt, has to know of it too. For the polling thread.
 *
 * <p>A copy may come twice when the service is stopped in between; it changes nothing the second time.
 */
public final class TruncateCopies implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TruncateCopies.class);
    private static final long ACKNOWLEDGED_WITHIN_SECONDS = 20;
    private static final int REMEMBERED = 1_000;

    private final Properties client;

    /** Made when it is needed, which it never is where ingest-service captures. */
    private @Nullable Producer<byte[], byte[]> producer;

    /** Records that come again since Redis was away: they are copied once. */
    private final Map<Place, Boolean> copied = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Place(TopicPartition partition, long offset, long timestamp) {}

    /** @param client the settings of every Kafka client */
    public TruncateCopies(Properties client) {
        this.client = client;
    }

    /** Makes the copies of those of these records that need them; answers whether all of them are on Kafka. */
    boolean areMadeOf(ConsumerRecords<byte[], byte[]> records) {
        List<Place> places = new ArrayList<>();
        List<Future<?>> sent = new ArrayList<>();
        try {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                Place place = new Place(
                        new TopicPartition(record.topic(), record.partition()), record.offset(), record.timestamp());
                if (stands(record) && !copied.containsKey(place)) {
                    places.add(place);
                    sent.addAll(copy(record));
                }
            }
            for (Future<?> one : sent) {
                one.get(ACKNOWLEDGED_WITHIN_SECONDS, TimeUnit.SECONDS);
            }
            places.forEach(place -> copied.put(place, true));
            return true;
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            LOG.warn(
                    "a TRUNCATE at {} waits, as it cannot be copied to the other partitions of its topic: {};"
                            + " this service needs the right to write to it (docs/kafka-connect.md)",
                    places,
                    failure.getMessage());
            return false;
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean stands(ConsumerRecord<byte[], byte[]> record) {
        return record.value() != null
                && ChangeHeaders.isTruncateWithoutPlace(record.key())
                && record.headers().lastHeader(ChangeHeaders.COPY) == null;
    }

    private List<Future<?>> copy(ConsumerRecord<byte[], byte[]> record) {
        if (producer == null) {
            producer = OwnTopics.producer(client);
        }
        List<Header> headers = new ArrayList<>(List.of(record.headers().toArray()));
        headers.add(new RecordHeader(
                ChangeHeaders.COPY, Integer.toString(record.partition()).getBytes(UTF_8)));
        List<Future<?>> sent = new ArrayList<>();
        for (PartitionInfo partition : producer.partitionsFor(record.topic())) {
            if (partition.partition() != record.partition()) {
                sent.add(producer.send(new ProducerRecord<>(
                        record.topic(), partition.partition(), record.key(), record.value(), headers)));
            }
        }
        return sent;
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(Duration.ofSeconds(1));
        }
    }
}
