package io.tidemark.cachewriter.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.cachewriter.apply.Incoming;
import io.tidemark.cachewriter.apply.Partition;
import io.tidemark.cachewriter.past.Chunk;
import io.tidemark.cachewriter.past.History;
import io.tidemark.cachewriter.past.History.AwayException;
import io.tidemark.cachewriter.past.History.Span;
import io.tidemark.cachewriter.replay.Audit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;

/** The audit log on a topic of one partition: a year of it, or the newest 64 MB. Thread-safe. */
public final class KafkaAudit implements Audit, AutoCloseable {
    private static final long ACKNOWLEDGED_WITHIN_SECONDS = 20;
    private static final Map<String, String> CONFIG = Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.RETENTION_MS_CONFIG,
            Long.toString(TimeUnit.DAYS.toMillis(365)),
            TopicConfig.RETENTION_BYTES_CONFIG,
            Long.toString(64L << 20));

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final History history;

    /** @param producer closed with this object */
    public KafkaAudit(Producer<byte[], byte[]> producer, String topic, History history) {
        this.producer = producer;
        this.topic = topic;
        this.history = history;
    }

    /** Makes the topic when it is not there. */
    public static void make(Properties client, String name, int replication)
            throws ExecutionException, TimeoutException, InterruptedException {
        OwnTopics.make(client, new NewTopic(name, 1, (short) replication).configs(CONFIG));
    }

    @Override
    public void say(String json) {
        try {
            producer.send(new ProducerRecord<>(topic, null, json.getBytes(UTF_8)))
                    .get(ACKNOWLEDGED_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | KafkaException failure) {
            throw new AwayException(
                    "the audit log " + topic + " does not take a line: " + failure.getMessage(), failure);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new AwayException("interrupted before a line was in the audit log", asked);
        }
    }

    @Override
    public List<String> newest(int most) {
        Partition partition = new Partition(topic, 0);
        Span span = history.spans(Set.of(topic)).get(partition);
        List<String> lines = new ArrayList<>();
        if (span == null || span.end() <= span.begin()) {
            return lines;
        }
        long from = Math.max(span.begin(), span.end() - most);
        try (History.Reading reading = history.newestFirst(partition, from, span.end())) {
            for (Chunk chunk = reading.next(); chunk != null; chunk = reading.next()) {
                List<Incoming> records = chunk.records();
                for (int i = records.size() - 1; i >= 0; i--) {
                    byte[] value = records.get(i).value();
                    if (value != null) {
                        lines.add(new String(value, UTF_8));
                    }
                }
            }
        }
        return lines;
    }

    @Override
    public void close() {
        producer.close();
    }
}
