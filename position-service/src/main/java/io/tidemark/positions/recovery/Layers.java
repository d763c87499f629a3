package io.tidemark.positions.recovery;

import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.Layer;
import io.tidemark.positions.position.LayerUnavailableException;
import io.tidemark.positions.position.PositionLayer;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.StoredOrders;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** All places where positions are, each with its keeper. Thread-safe. */
public final class Layers {
    private final LayerKeeper redis;
    private final LayerKeeper kafka;
    private final LayerKeeper json;
    private final StoredOrders orders;
    private final Supplier<String> incarnation;
    private final Supplier<Map<StoreId, Checkpoint>> knownOnKafka;

    /**
     * @param incarnation names the life of Redis's data; throws {@link LayerUnavailableException}
     * @param knownOnKafka what Kafka's checkpoints say, without asking Kafka
     */
    public Layers(
            PositionLayer redis,
            PositionLayer kafka,
            PositionLayer json,
            StoredOrders orders,
            Supplier<String> incarnation,
            Supplier<Map<StoreId, Checkpoint>> knownOnKafka,
            Clock clock) {
        this.redis = new LayerKeeper(redis, clock);
        this.kafka = new LayerKeeper(kafka, clock);
        this.json = new LayerKeeper(json, clock);
        this.orders = orders;
        this.incarnation = incarnation;
        this.knownOnKafka = knownOnKafka;
    }

    LayerKeeper redis() {
        return redis;
    }

    LayerKeeper kafka() {
        return kafka;
    }

    LayerKeeper json() {
        return json;
    }

    /** @throws IllegalArgumentException when positions are not written to that layer */
    LayerKeeper keeper(Layer layer) {
        return switch (layer) {
            case REDIS -> redis;
            case KAFKA -> kafka;
            case JSON -> json;
            case DATABASE, START -> throw new IllegalArgumentException("no position is written to the " + layer);
        };
    }

    StoredOrders orders() {
        return orders;
    }

    String incarnation() {
        return incarnation.get();
    }

    Map<StoreId, Checkpoint> knownOnKafka() {
        return knownOnKafka.get();
    }

    /** Writes what waits for a layer that was away, and what the snapshot gathered. */
    void flush() {
        redis.flush();
        kafka.flush();
        json.flush();
    }

    /** What is wrong with each layer, in words. */
    List<String> problems() {
        return Stream.of(redis, kafka, json)
                .map(LayerKeeper::problem)
                .flatMap(Optional::stream)
                .toList();
    }

    /** What a layer says of these stores; empty, and a word among the problems, when it cannot be asked. */
    static Optional<Map<StoreId, Checkpoint>> tryRead(
            LayerKeeper keeper, Collection<StoreId> stores, Collection<String> problems) {
        try {
            Map<StoreId, Checkpoint> found = keeper.layer().read(stores);
            keeper.succeeded();
            return Optional.of(found);
        } catch (LayerUnavailableException unavailable) {
            keeper.failed(unavailable);
            problems.add(unavailable.reason());
            return Optional.empty();
        }
    }
}
