package io.tidemark.positions.kafka;

import io.tidemark.core.pipeline.KafkaSettings;
import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.Layer;
import io.tidemark.positions.position.LayerUnavailableException;
import io.tidemark.positions.position.PageEstimate;
import io.tidemark.positions.position.PositionLayer;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka as a layer: a compacted topic of checkpoints, each with the offsets of the orders' topic it reflects, moved on by
 * the orders since. Both topics are followed all the time, so an answer needs no more than catching up. Thread-safe.
 */
public final class KafkaLayer implements PositionLayer, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaLayer.class);
    private static final Duration CATCH_UP_WITHIN = Duration.ofSeconds(10);

    private final String topicName;
    private final CheckpointTopic topic;
    private final CheckpointView view = new CheckpointView();
    private final NewerOrders newer;
    private final CheckpointFollower checkpoints;
    private final OrdersFollower orders;
    private final KafkaProducer<byte[], byte[]> producer;
    private Map<Integer, Long> said = Map.of();
    private volatile boolean caughtUp;

    /** Connects to nothing yet; {@link #start()} does. */
    public KafkaLayer(KafkaSettings settings, OrdersTable table, PageEstimate pages) {
        PositionClients clients = new PositionClients(settings);
        this.topicName = topicOf(settings);
        this.topic = new CheckpointTopic(clients.admin(), topicName, settings.replication());
        this.newer = new NewerOrders(pages);
        this.producer = clients.producer();
        this.checkpoints = new CheckpointFollower(clients, topic, new Listener());
        this.orders = new OrdersFollower(clients, table, topic, newer, this::lastCounted, this::replayFrom);
    }

    /** The name of the compacted topic that holds the checkpoints. */
    public static String topicOf(KafkaSettings settings) {
        return settings.prefix() + ".tidemark.positions";
    }

    /** Begins to follow both topics. */
    public void start() {
        checkpoints.start();
        orders.start();
    }

    @Override
    public Layer layer() {
        return Layer.KAFKA;
    }

    @Override
    public Map<StoreId, Checkpoint> read(Collection<StoreId> stores) {
        try {
            if (!checkpoints.awaitCaughtUp(CATCH_UP_WITHIN) || !orders.awaitCaughtUp(CATCH_UP_WITHIN)) {
                throw unavailable("could not be read to their end within " + CATCH_UP_WITHIN.toSeconds() + " s", null);
            }
        } catch (KafkaException unreachable) {
            throw unavailable("could not be read", unreachable);
        }
        Map<StoreId, Checkpoint> found = new HashMap<>();
        for (StoreId store : stores) {
            view.of(store)
                    .map(newer::replayed)
                    .ifPresent(checkpoint -> found.put(
                            store, new Checkpoint(checkpoint.position().from(Layer.KAFKA), checkpoint.reflects())));
        }
        return found;
    }

    /** What is known without asking Kafka: a moment old at most while Kafka can be reached. */
    public Map<StoreId, Checkpoint> known() {
        return view.all();
    }

    @Override
    public Map<StoreId, Verdict> write(Collection<Checkpoint> wanted) {
        catchUpOnce();
        Map<Integer, Long> reflected = newer.readUpTo();
        Map<StoreId, Verdict> verdicts = new HashMap<>();
        Map<Checkpoint, Future<RecordMetadata>> sent = new LinkedHashMap<>();
        for (Checkpoint one : wanted) {
            Verdict verdict = view.judge(one);
            verdicts.put(one.position().store(), verdict);
            if (verdict != Verdict.LOWER) {
                Checkpoint complete = one.reflectingAlso(reflected);
                sent.put(complete, send(complete));
            }
        }
        sent.forEach((checkpoint, acknowledged) -> {
            await(acknowledged);
            keep(checkpoint);
        });
        return verdicts;
    }

    /** Says on Kafka up to where all checkpoints together reflect the orders, when that moved; asked now and then. */
    public synchronized void sayReflected() {
        Map<Integer, Long> read = newer.readUpTo();
        if (read.isEmpty() || read.equals(said) || !newer.nothingNewer()) {
            return;
        }
        await(producer.send(
                new ProducerRecord<>(topicName, CheckpointView.reflectedKey(), CheckpointView.reflectedValue(read))));
        said = read;
    }

    @Override
    public void close() {
        orders.close();
        checkpoints.close();
        producer.close(Duration.ofSeconds(3));
        topic.close();
    }

    /** A process that has just started must know what is there before it may judge. */
    private void catchUpOnce() {
        if (caughtUp) {
            return;
        }
        try {
            if (!checkpoints.awaitCaughtUp(CATCH_UP_WITHIN)) {
                throw unavailable("could not be read to their end within " + CATCH_UP_WITHIN.toSeconds() + " s", null);
            }
        } catch (KafkaException unreachable) {
            throw unavailable("could not be read", unreachable);
        }
        caughtUp = true;
    }

    private void keep(Checkpoint checkpoint) {
        view.judgeAndKeep(checkpoint);
        newer.checkpointed(
                checkpoint.position().store(),
                lastCheckpointed(checkpoint.position().store()));
    }

    private long lastCheckpointed(StoreId store) {
        return view.of(store).map(found -> found.position().lastId()).orElse(0L);
    }

    /** Orders of a store that has no checkpoint have nothing to move on: none counts. */
    private long lastCounted(StoreId store) {
        return view.of(store).map(found -> found.position().lastId()).orElse(Long.MAX_VALUE);
    }

    private Optional<Map<Integer, Long>> replayFrom() {
        checkpoints.awaitCaughtUp(CATCH_UP_WITHIN);
        return view.replayFrom();
    }

    private Future<RecordMetadata> send(Checkpoint checkpoint) {
        try {
            return producer.send(new ProducerRecord<>(
                    topicName, CheckpointView.key(checkpoint.position().store()), CheckpointView.value(checkpoint)));
        } catch (KafkaException refused) {
            throw unavailable("could not be written", refused);
        }
    }

    private void await(Future<RecordMetadata> acknowledged) {
        try {
            acknowledged.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw unavailable("were being written when the thread was interrupted", interrupted);
        } catch (ExecutionException refused) {
            throw unavailable("could not be written", refused.getCause());
        }
    }

    private LayerUnavailableException unavailable(String what, @Nullable Throwable cause) {
        String message = "the checkpoints on Kafka (topic " + topicName + ") " + what
                + (cause == null ? "" : " (" + cause + ")") + "; check that Kafka is up";
        return cause == null
                ? new LayerUnavailableException(Layer.KAFKA, message)
                : new LayerUnavailableException(Layer.KAFKA, message, cause);
    }

    /** What the follower of the checkpoints asks for. */
    private final class Listener implements CheckpointFollower.Listener {
        @Override
        public void read(byte[] key, byte[] value) {
            if (view.record(key, value)) {
                // Compaction would keep the last one, so the farthest is written after it once more.
                StoreId store = new StoreId(new String(key, StandardCharsets.UTF_8));
                LOG.warn("a lower checkpoint of store {} came after a higher one on Kafka: repaired", store);
                view.of(store).ifPresent(KafkaLayer.this::send);
            }
            String name = new String(key, StandardCharsets.UTF_8);
            if (StoreId.isName(name)) {
                StoreId store = new StoreId(name);
                newer.checkpointed(store, lastCheckpointed(store));
            }
        }

        @Override
        public void topicBegunAnew() {
            view.all().values().forEach(KafkaLayer.this::send);
        }
    }
}
