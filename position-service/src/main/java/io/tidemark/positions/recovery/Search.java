package io.tidemark.positions.recovery;

import io.tidemark.positions.position.Beginnings;
import io.tidemark.positions.position.Certainty;
import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.Layer;
import io.tidemark.positions.position.LayerUnavailableException;
import io.tidemark.positions.position.Monotonic;
import io.tidemark.positions.position.PageEstimate;
import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.StoredOrders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One look through the layers for the farthest position of some stores, in the order Redis, Kafka, JSON, database. An
 * earlier layer wins when two know the same place; a later one never overrides what is farther. Not thread-safe.
 */
final class Search {
    private final Layers layers;
    private final Beginnings beginnings;
    private final PageEstimate pages;
    private final Instant now;
    private final List<String> problems = new ArrayList<>();
    private final Set<StoreId> withProgress = new HashSet<>();
    private final List<String> times = new ArrayList<>();
    private final Map<StoreId, Checkpoint> found = new HashMap<>();
    private boolean allCouldBeAsked = true;
    private Optional<Map<StoreId, Checkpoint>> inRedis = Optional.empty();

    Search(Layers layers, Beginnings beginnings, Instant now) {
        this.layers = layers;
        this.beginnings = beginnings;
        this.pages = beginnings.pages();
        this.now = now;
    }

    /** Looks through all layers; the database calculates only for stores that nobody knows. */
    Search through(Collection<StoreId> stores) {
        timed("Redis", () -> inRedis = take(layers.redis(), stores));
        timed("Kafka", () -> take(layers.kafka(), stores));
        timed("JSON", () -> take(layers.json(), stores));
        timed("database", () -> {
            takeProgress(stores);
            moveSnapshotsOn();
            calculateUnknown(stores);
        });
        return this;
    }

    /** How long each layer took to answer, in words. */
    String times() {
        return String.join(", ", times);
    }

    private void timed(String layer, Runnable question) {
        long began = System.nanoTime();
        question.run();
        times.add(layer + " " + (System.nanoTime() - began) / 1_000_000 + " ms");
    }

    private void calculateUnknown(Collection<StoreId> stores) {
        Set<StoreId> unknown = new LinkedHashSet<>(stores);
        unknown.removeAll(found.keySet());
        if (!unknown.isEmpty()) {
            calculate(unknown);
        }
    }

    /** What Redis holds; empty when it could not be asked. */
    Optional<Map<StoreId, Checkpoint>> inRedis() {
        return inRedis;
    }

    /** The farthest of a store; empty when no layer that could be asked knows it. */
    Optional<Checkpoint> of(StoreId store) {
        return Optional.ofNullable(found.get(store));
    }

    /** What went wrong on the way, in words. */
    List<String> problems() {
        return problems;
    }

    private Optional<Map<StoreId, Checkpoint>> take(LayerKeeper layer, Collection<StoreId> stores) {
        Optional<Map<StoreId, Checkpoint>> answer = Layers.tryRead(layer, stores, problems);
        allCouldBeAsked &= answer.isPresent();
        answer.orElse(Map.of()).forEach((store, checkpoint) -> found.merge(store, checkpoint, Search::farther));
        return answer;
    }

    /** The database's own word on a store is as good as a checkpoint, and a little newer when a crash came between. */
    private void takeProgress(Collection<StoreId> stores) {
        try {
            layers.orders().progress(stores).forEach((store, position) -> {
                withProgress.add(store);
                found.merge(store, new Checkpoint(position, Map.of()), Search::farther);
            });
        } catch (LayerUnavailableException unavailable) {
            allCouldBeAsked = false;
            problems.add(unavailable.reason());
        }
    }

    /** A snapshot may be older than the newest orders: what came in since is counted in the database. */
    private void moveSnapshotsOn() {
        for (Map.Entry<StoreId, Checkpoint> entry : found.entrySet()) {
            Position position = entry.getValue().position();
            boolean readingAgain = position.rewoundFrom()
                    .map(before -> position.lastId() < before.lastId())
                    .orElse(false);
            // Progress is written with the orders: where it is, no order is beyond it.
            if (position.layer() == Layer.JSON && !readingAgain && !withProgress.contains(entry.getKey())) {
                entry.setValue(movedOn(entry.getValue()));
            }
        }
    }

    private Checkpoint movedOn(Checkpoint snapshot) {
        Position position = snapshot.position();
        try {
            long newer = layers.orders().countAfter(position.store(), position.lastId());
            if (newer == 0) {
                return snapshot;
            }
            StoredOrders.Tail tail =
                    layers.orders().tails(List.of(position.store())).get(position.store());
            if (tail == null || tail.lastId() <= position.lastId()) {
                return snapshot;
            }
            Position moved = position.movedTo(
                    pages.pageAfter(position.page(), newer),
                    position.cursor(),
                    Math.max(1, tail.firstId()),
                    tail.lastId(),
                    position.asOf(),
                    Certainty.REPLAYED);
            return new Checkpoint(moved, snapshot.reflects());
        } catch (LayerUnavailableException unavailable) {
            problems.add(unavailable.reason());
            return snapshot;
        }
    }

    private void calculate(Set<StoreId> unknown) {
        try {
            Map<StoreId, StoredOrders.Tail> tails = layers.orders().tails(unknown);
            for (StoreId store : unknown) {
                StoredOrders.Tail tail = tails.get(store);
                if (tail != null) {
                    found.put(store, new Checkpoint(calculated(store, tail), Map.of()));
                } else if (allCouldBeAsked) {
                    found.put(store, new Checkpoint(beginnings.of(store, now), Map.of()));
                }
            }
        } catch (LayerUnavailableException unavailable) {
            problems.add(unavailable.reason());
        }
    }

    private Position calculated(StoreId store, StoredOrders.Tail tail) {
        return Position.calculated(
                store, pages.startPage(tail.count()), Math.max(1, tail.firstId()), tail.lastId(), now);
    }

    private static Checkpoint farther(Checkpoint first, Checkpoint second) {
        return Monotonic.farther(first.position(), second.position()) == second.position() ? second : first;
    }
}
