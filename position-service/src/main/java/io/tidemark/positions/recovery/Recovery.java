package io.tidemark.positions.recovery;

import io.tidemark.positions.position.Beginnings;
import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.HealthAssessment;
import io.tidemark.positions.position.Layer;
import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings lost positions back into Redis, and every other layer up to the farthest. One at a time; thread-safe. */
final class Recovery {
    /**
     * A recovery that was run.
     *
     * @param farthest the farthest position of each store that any layer knows, restored or not
     */
    record Done(RecoveryReport report, Map<StoreId, Position> farthest) {}

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Layers layers;
    private final Beginnings beginnings;
    private final Clock clock;
    private final Journal journal;
    private final ExecutorService askers = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "tidemark-position-search");
        thread.setDaemon(true);
        return thread;
    });

    Recovery(Layers layers, Beginnings beginnings, Clock clock, Journal journal) {
        this.layers = layers;
        this.beginnings = beginnings;
        this.clock = clock;
        this.journal = journal;
    }

    /** Recovers these stores. Never throws for a layer that is away: the report says so. */
    synchronized Done run(Collection<StoreId> stores, String why) {
        Instant began = clock.instant();
        long from = System.nanoTime();
        Search search = new Search(layers, askers, beginnings, began).through(stores);
        Map<StoreId, Position> before = positions(search.inRedis().orElse(Map.of()));
        List<Checkpoint> restored = new ArrayList<>();
        List<StoreRecovery> results = new ArrayList<>();
        for (StoreId store : stores) {
            Optional<Position> held = Optional.ofNullable(before.get(store));
            Optional<Checkpoint> farthest = search.of(store);
            farthest.filter(checkpoint -> isFarther(held, checkpoint.position()))
                    .ifPresent(restored::add);
            results.add(result(store, held, farthest));
        }
        Map<StoreId, Verdict> written =
                restored.isEmpty() ? Map.of() : layers.redis().write(restored);
        long inRedis = (System.nanoTime() - from) / 1_000_000;
        bringUp(stores, search);
        if (!restored.isEmpty()) {
            LOG.info(
                    "asked {}; {} ms until Redis held them, {} ms until Kafka did",
                    search.times(),
                    inRedis,
                    (System.nanoTime() - from) / 1_000_000);
        }
        List<StoreRecovery> done =
                results.stream().map(result -> withWrite(result, written)).toList();
        done.forEach(this::tell);
        Map<StoreId, Position> elsewhere = farthest(stores, search);
        RecoveryReport report = new RecoveryReport(
                began,
                Duration.ofNanos(System.nanoTime() - from),
                why,
                done,
                search.problems(),
                HealthAssessment.of(stores, before, elsewhere),
                HealthAssessment.of(stores, after(before, done), elsewhere));
        return new Done(report, elsewhere);
    }

    private static boolean isFarther(Optional<Position> held, Position farthest) {
        return held.map(farthest::isAheadOf).orElse(true);
    }

    private static StoreRecovery result(StoreId store, Optional<Position> held, Optional<Checkpoint> farthest) {
        if (farthest.isEmpty()) {
            return new StoreRecovery(
                    store,
                    StoreRecovery.Outcome.FAILED,
                    held,
                    held,
                    "no layer that could be asked knows the store, and not all could be asked: left alone rather than"
                            + " started at page 1");
        }
        Position position = farthest.get().position();
        if (!isFarther(held, position)) {
            return new StoreRecovery(store, StoreRecovery.Outcome.UNCHANGED, held, held, "in step");
        }
        if (position.layer() == Layer.START) {
            return new StoreRecovery(
                    store, StoreRecovery.Outcome.NEW, held, Optional.of(position), "never synced: starts at page 1");
        }
        return new StoreRecovery(
                store,
                StoreRecovery.Outcome.RESTORED,
                held,
                Optional.of(position),
                "restored from " + position.layer().label() + ": page " + position.page() + ", last order "
                        + position.lastId() + " (" + position.certainty().label() + ")");
    }

    /** What was to be written and was not is not restored, whatever was found. */
    private static StoreRecovery withWrite(StoreRecovery result, Map<StoreId, Verdict> written) {
        boolean toWrite =
                result.outcome() == StoreRecovery.Outcome.RESTORED || result.outcome() == StoreRecovery.Outcome.NEW;
        if (!toWrite || written.containsKey(result.store())) {
            return result;
        }
        return new StoreRecovery(
                result.store(),
                StoreRecovery.Outcome.FAILED,
                result.before(),
                result.before(),
                result.detail() + "; but Redis cannot be written, which is tried again every second");
    }

    private void bringUp(Collection<StoreId> stores, Search search) {
        List<Checkpoint> all =
                stores.stream().map(search::of).flatMap(Optional::stream).toList();
        if (all.isEmpty()) {
            return;
        }
        Map<StoreId, Checkpoint> known = layers.knownOnKafka();
        List<Checkpoint> behind = all.stream()
                .filter(checkpoint -> isBehind(known.get(checkpoint.position().store()), checkpoint))
                .toList();
        if (!behind.isEmpty()) {
            layers.kafka().write(behind);
        }
        layers.json().later(all);
    }

    private static boolean isBehind(@Nullable Checkpoint known, Checkpoint farthest) {
        return known == null || farthest.position().isAheadOf(known.position());
    }

    private void tell(StoreRecovery result) {
        if (result.outcome() == StoreRecovery.Outcome.UNCHANGED) {
            return;
        }
        JournalEntry.Kind kind = result.outcome() == StoreRecovery.Outcome.FAILED
                ? JournalEntry.Kind.FAILED
                : JournalEntry.Kind.RECOVERED;
        journal.add(
                result.store(),
                new JournalEntry(
                        clock.instant(),
                        kind,
                        result.after().map(Position::page).orElse(0L),
                        result.after().map(Position::lastId).orElse(0L),
                        result.detail()));
    }

    private static Map<StoreId, Position> after(Map<StoreId, Position> before, List<StoreRecovery> done) {
        Map<StoreId, Position> after = new HashMap<>(before);
        done.forEach(result -> result.after().ifPresent(position -> after.put(result.store(), position)));
        return after;
    }

    private static Map<StoreId, Position> farthest(Collection<StoreId> stores, Search search) {
        Map<StoreId, Position> farthest = new HashMap<>();
        stores.forEach(store -> search.of(store).ifPresent(found -> farthest.put(store, found.position())));
        return farthest;
    }

    static Map<StoreId, Position> positions(Map<StoreId, Checkpoint> checkpoints) {
        Map<StoreId, Position> positions = new HashMap<>();
        checkpoints.forEach((store, checkpoint) -> positions.put(store, checkpoint.position()));
        return positions;
    }
}
