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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * One look through the layers for the farthest position of some stores, in the order Redis, Kafka, JSON, database. An
 * earlier layer wins when two know the same place; a later one never overrides what is farther. All are asked at the same
 * time. Not thread-safe.
 */
final class Search {
    /**
     * What one layer said.
     *
     * @param found by store; empty when the layer could not be asked
     * @param problems why not, in words
     * @param millis how long it took
     */
    private record Answer(Optional<Map<StoreId, Checkpoint>> found, List<String> problems, long millis) {}

    private final Layers layers;
    private final ExecutorService askers;
    private final Beginnings beginnings;
    private final PageEstimate pages;
    private final Instant now;
    private final List<String> problems = new ArrayList<>();
    private final Set<StoreId> withProgress = new HashSet<>();
    private final List<String> times = new ArrayList<>();
    private final Map<StoreId, Checkpoint> found = new HashMap<>();
    private boolean allCouldBeAsked = true;
    private Optional<Map<StoreId, Checkpoint>> inRedis = Optional.empty();

    /** @param askers asks the layers, beside each other: none depends on another, and the slowest sets the time */
    Search(Layers layers, ExecutorService askers, Beginnings beginnings, Instant now) {
        this.layers = layers;
        this.askers = askers;
        this.beginnings = beginnings;
        this.pages = beginnings.pages();
        this.now = now;
    }

    /** Looks through all layers; the database calculates only for stores that nobody knows. */
    Search through(Collection<StoreId> stores) {
        Future<Answer> redis = ask(layers.redis(), stores);
        Future<Answer> kafka = ask(layers.kafka(), stores);
        Future<Answer> json = ask(layers.json(), stores);
        Future<Answer> progress = askers.submit(() -> timed(some -> progress(stores, some)));
        inRedis = take("Redis", redis);
        take("Kafka", kafka);
        take("JSON", json);
        // The database's own word on a store is as good as a checkpoint, and a little newer when a crash came between.
        take("database", progress).ifPresent(known -> withProgress.addAll(known.keySet()));
        long began = System.nanoTime();
        moveSnapshotsOn();
        calculateUnknown(stores);
        times.add("orders " + (System.nanoTime() - began) / 1_000_000 + " ms");
        return this;
    }

    /** How long each layer took to answer, in words. */
    String times() {
        return String.join(", ", times);
    }

    private Future<Answer> ask(LayerKeeper layer, Collection<StoreId> stores) {
        return askers.submit(() -> timed(some -> Layers.tryRead(layer, stores, some)));
    }

    private static Answer timed(Function<List<String>, Optional<Map<StoreId, Checkpoint>>> question) {
        long began = System.nanoTime();
        List<String> some = new ArrayList<>();
        Optional<Map<StoreId, Checkpoint>> answer = question.apply(some);
        return new Answer(answer, some, (System.nanoTime() - began) / 1_000_000);
    }

    private Optional<Map<StoreId, Checkpoint>> progress(Collection<StoreId> stores, List<String> some) {
        try {
            Map<StoreId, Checkpoint> progress = new HashMap<>();
            layers.orders()
                    .progress(stores)
                    .forEach((store, position) -> progress.put(store, new Checkpoint(position, Map.of())));
            return Optional.of(progress);
        } catch (LayerUnavailableException unavailable) {
            some.add(unavailable.reason());
            return Optional.empty();
        }
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

    private Optional<Map<StoreId, Checkpoint>> take(String layer, Future<Answer> asked) {
        Answer answer = await(layer, asked);
        times.add(layer + " " + answer.millis() + " ms");
        problems.addAll(answer.problems());
        allCouldBeAsked &= answer.found().isPresent();
        answer.found().orElse(Map.of()).forEach((store, checkpoint) -> found.merge(store, checkpoint, Search::farther));
        return answer.found();
    }

    private static Answer await(String layer, Future<Answer> asked) {
        try {
            return asked.get();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return new Answer(Optional.empty(), List.of(layer + " was not waited for: this thread is to stop"), 0);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("BUG: a layer failed in a way of its own", failed.getCause());
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
