package io.tidemark.reconciler.kafka;

import io.tidemark.core.pipeline.KafkaSettings;
import io.tidemark.core.pipeline.Topics;
import io.tidemark.core.repair.RepairRequest;
import io.tidemark.reconciler.repair.Repairs;
import io.tidemark.reconciler.verify.Applied.NotAppliedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/** Writes repair requests to their topic, and sees by the offsets that cache-writer commits how far they are done. Thread-safe. */
public final class KafkaRepairs implements Repairs, AutoCloseable {
    private static final int PARTITION = 0;
    private static final long ANSWERED_WITHIN_SECONDS = 20;
    private static final long PAUSE_MILLIS = 20;

    private final KafkaClients clients;
    private final Topics topics;
    private final int replication;
    private final long patienceNanos;
    private @Nullable Producer<byte[], byte[]> producer;
    private @Nullable Admin admin;

    /** @param patience how long to wait for repairs while none is done */
    public KafkaRepairs(KafkaClients clients, KafkaSettings kafka, Duration patience) {
        this.clients = clients;
        this.topics = kafka.topics();
        this.replication = kafka.replication();
        this.patienceNanos = patience.toNanos();
    }

    @Override
    public long ask(String run, String cache, boolean forget, List<String> keys)
            throws InterruptedException, NotAppliedException {
        try {
            Producer<byte[], byte[]> open = connected();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int from = 0; from < keys.size(); from += RepairRequest.MOST_KEYS) {
                List<String> some = keys.subList(from, Math.min(keys.size(), from + RepairRequest.MOST_KEYS));
                sent.add(open.send(new ProducerRecord<>(
                        topics.repairs(), PARTITION, null, new RepairRequest(cache, run, forget, some).json())));
            }
            long end = 0;
            for (Future<RecordMetadata> one : sent) {
                end = Math.max(
                        end, one.get(ANSWERED_WITHIN_SECONDS, TimeUnit.SECONDS).offset() + 1);
            }
            return end;
        } catch (ExecutionException | TimeoutException | KafkaException failed) {
            throw new NotAppliedException("repairs could not be asked for in Kafka (" + reason(failed)
                    + "): check that it runs and that kafka.bootstrap names it");
        }
    }

    @Override
    public void await(long asked) throws InterruptedException, NotAppliedException {
        TopicPartition partition = new TopicPartition(topics.repairs(), PARTITION);
        long done = -1;
        long stoodSince = System.nanoTime();
        while (true) {
            long now = committed(partition);
            if (now >= asked) {
                return;
            }
            if (now > done) {
                done = now;
                stoodSince = System.nanoTime();
            }
            if (System.nanoTime() - stoodSince > patienceNanos) {
                throw new NotAppliedException("repairs were asked for and not done in "
                        + TimeUnit.NANOSECONDS.toSeconds(patienceNanos)
                        + " s in which nothing moved: see whether cache-writer is running; it does them when it is");
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private long committed(TopicPartition partition) throws InterruptedException, NotAppliedException {
        try {
            connected();
            OffsetAndMetadata offset = admin().listConsumerGroupOffsets(topics.repairsGroup())
                    .partitionsToOffsetAndMetadata()
                    .get(ANSWERED_WITHIN_SECONDS, TimeUnit.SECONDS)
                    .get(partition);
            return offset == null ? -1 : offset.offset();
        } catch (ExecutionException | TimeoutException | KafkaException failed) {
            throw new NotAppliedException("Kafka does not say how far repairs are (" + reason(failed)
                    + "): check that it runs and that kafka.bootstrap names it");
        }
    }

    private synchronized Admin admin() {
        if (admin == null) {
            admin = clients.admin();
        }
        return admin;
    }

    /** Makes the topic first, which cache-writer does too. */
    private synchronized Producer<byte[], byte[]> connected()
            throws InterruptedException, ExecutionException, TimeoutException {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            NewTopic topic = new NewTopic(topics.repairs(), 1, (short) replication)
                    .configs(Map.of(
                            TopicConfig.CLEANUP_POLICY_CONFIG,
                            TopicConfig.CLEANUP_POLICY_DELETE,
                            TopicConfig.RETENTION_MS_CONFIG,
                            Long.toString(TimeUnit.DAYS.toMillis(1))));
            try {
                admin().createTopics(List.of(topic)).all().get(ANSWERED_WITHIN_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof TopicExistsException)) {
                    throw failed;
                }
            }
            open = clients.producer();
            producer = open;
        }
        return open;
    }

    private static String reason(Exception failed) {
        Throwable cause = failed.getCause() == null ? failed : failed.getCause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close(Duration.ofSeconds(1));
        }
        if (admin != null) {
            admin.close(Duration.ofSeconds(1));
        }
    }
}
