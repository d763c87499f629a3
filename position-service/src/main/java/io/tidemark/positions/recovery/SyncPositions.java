package io.tidemark.positions.recovery;

import io.tidemark.positions.position.Badge;
import io.tidemark.positions.position.Beginnings;
import io.tidemark.positions.position.Certainty;
import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.Health;
import io.tidemark.positions.position.HealthAssessment;
import io.tidemark.positions.position.Layer;
import io.tidemark.positions.position.LayerUnavailableException;
import io.tidemark.positions.position.Monotonic;
import io.tidemark.positions.position.PageEstimate;
import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.StoreHealth;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every store stands: asked by the sync before it reads, told by it after each page, and watched meanwhile. No
 * loss of Redis moves a store back, and no layer that is away stops a sync. Thread-safe.
 */
public final class SyncPositions {
    /** The layers that positions are written to, in the order in which recovery asks. */
    public static final List<Layer> KEPT_IN = List.of(Layer.REDIS, Layer.KAFKA, Layer.JSON);

    private static final Logger LOG = LoggerFactory.getLogger(SyncPositions.class);

    private final Layers layers;
    private final Supplier<List<StoreId>> stores;
    private final Beginnings beginnings;
    private final Clock clock;
    private final Journal journal;
    private final Consumer<RecoveryReport> onRecovery;
    private final Recovery recovery;
    /** The farthest this process has seen kept of each store: what a reset Redis is noticed by. */
    private final Map<StoreId, Position> farthest = new ConcurrentHashMap<>();

    private volatile @Nullable String incarnation;
    private volatile @Nullable RecoveryReport lastRecovery;

    /**
     * @param stores every store that is configured
     * @param onRecovery told of every recovery that had anything to do
     */
    public SyncPositions(
            Layers layers,
            Supplier<List<StoreId>> stores,
            Beginnings beginnings,
            Clock clock,
            Journal journal,
            Consumer<RecoveryReport> onRecovery) {
        this.onRecovery = onRecovery;
        this.layers = layers;
        this.stores = stores;
        this.beginnings = beginnings;
        this.clock = clock;
        this.journal = journal;
        this.recovery = new Recovery(layers, beginnings, clock, journal);
    }

    /** Every store that is configured. */
    public List<StoreId> stores() {
        return stores.get();
    }

    /** Orders on a page, and how far before a calculated page to begin. */
    public PageEstimate pages() {
        return beginnings.pages();
    }

    /**
     * Where a store stands. Redis answers when it holds the farthest known position; otherwise the position is recovered
     * first.
     *
     * @throws LayerUnavailableException when no layer that can be asked knows the store and not all can be asked; page 1
     *     is never guessed
     */
    public PositionAnswer getSyncPosition(StoreId store) {
        List<String> problems = new ArrayList<>();
        Optional<Map<StoreId, Checkpoint>> inRedis = Layers.tryRead(layers.redis(), List.of(store), problems);
        Optional<Position> held = inRedis.map(found -> found.get(store)).map(Checkpoint::position);
        if (held.isPresent() && !isBehind(held.get())) {
            remember(held.get());
            return new PositionAnswer(held.get(), Layer.REDIS, problems);
        }
        Recovery.Done done = recoverNow(List.of(store), "asked for store " + store);
        RecoveryReport report = done.report();
        Position position = Optional.ofNullable(done.farthest().get(store))
                .orElseThrow(() -> new LayerUnavailableException(
                        Layer.DATABASE,
                        "the position of store " + store + " is not known: " + String.join("; ", report.problems())));
        return new PositionAnswer(position, position.layer(), report.problems());
    }

    /**
     * Tells how far a store was taken in, after its orders and progress are committed. The position continues the one
     * the store has now, rewinds included.
     *
     * @return {@link Verdict#LOWER} when the store is farther along already, so that nothing moved
     * @throws IllegalArgumentException when the page is below 1 or the first id above the last
     */
    public Verdict updateSyncPosition(StoreId store, long page, long firstId, long lastId) {
        Function<Position, Position> next =
                from -> from.movedTo(page, Optional.empty(), firstId, lastId, clock.instant(), Certainty.RECORDED)
                        .from(Layer.REDIS);
        Position known = farthest.get(store);
        if (known != null) {
            // The usual case needs no question: Redis itself refuses what another instance has moved on or rewound.
            Verdict verdict = tell(next.apply(known));
            if (verdict != Verdict.LOWER) {
                return verdict;
            }
        }
        return updateSyncPosition(next.apply(getSyncPosition(store).position()));
    }

    /**
     * Tells how far a store was taken in, as a successor of the position the sync began from: when a person rewound the
     * store meanwhile, this one has the older generation and is refused.
     *
     * @return {@link Verdict#LOWER} when the store is farther along already, so that nothing moved
     */
    public Verdict updateSyncPosition(Position position) {
        Position wanted = position.layer() == Layer.REDIS ? position : position.from(Layer.REDIS);
        Verdict verdict = tell(wanted);
        if (verdict == Verdict.LOWER) {
            journal.add(
                    wanted.store(),
                    entry(
                            JournalEntry.Kind.REFUSED,
                            wanted,
                            "refused page " + wanted.page() + ", last order " + wanted.lastId()
                                    + ": the store is farther along"));
        }
        return verdict;
    }

    private Verdict tell(Position wanted) {
        StoreId store = wanted.store();
        if (Monotonic.judge(Optional.ofNullable(farthest.get(store)), wanted) == Verdict.LOWER) {
            return Verdict.LOWER;
        }
        List<Checkpoint> one = List.of(new Checkpoint(wanted, Map.of()));
        // Redis before Kafka: whoever knows a checkpoint may then expect Redis to hold it.
        Verdict inRedis = layers.redis().write(one).getOrDefault(store, Verdict.WRITTEN);
        if (inRedis == Verdict.LOWER) {
            return Verdict.LOWER;
        }
        Verdict onKafka = layers.kafka().write(one).getOrDefault(store, Verdict.WRITTEN);
        if (onKafka == Verdict.LOWER) {
            return Verdict.LOWER;
        }
        layers.json().later(one);
        remember(wanted);
        journal.add(store, entry(JournalEntry.Kind.MOVED, wanted, "moved to page " + wanted.page()));
        return inRedis;
    }

    /** Brings every store's farthest position back into Redis, whatever Redis holds. */
    public RecoveryReport restoreAllSyncPositions() {
        return recover(stores(), "restore of all stores");
    }

    /** Brings some stores' farthest positions back. */
    public RecoveryReport restore(Collection<StoreId> some) {
        return recover(some, "restore of " + some.size() + (some.size() == 1 ? " store" : " stores"));
    }

    /** Looks for loss and brings back what is lost; a report without stores when nothing is. */
    public RecoveryReport autoRecover() {
        LossReport loss = detectCacheLoss();
        if (!loss.isLoss()) {
            Health health = health();
            List<String> problems = new ArrayList<>(layers.problems());
            return new RecoveryReport(
                    clock.instant(), Duration.ZERO, "nothing is lost", List.of(), problems, health, health);
        }
        return restoreLost(loss);
    }

    /** Brings back what a look has found lost. */
    RecoveryReport restoreLost(LossReport loss) {
        String why = loss.newIncarnation()
                ? "Redis was emptied or begun anew"
                : loss.missing().size() + " positions missing, " + loss.reset().size() + " reset";
        List<StoreId> lost = new ArrayList<>(loss.newIncarnation() ? stores() : loss.missing());
        if (!loss.newIncarnation()) {
            lost.addAll(loss.reset());
        }
        lost.forEach(store -> Optional.ofNullable(farthest.get(store))
                .ifPresent(known -> journal.add(store, entry(JournalEntry.Kind.LOST, known, why))));
        return recover(lost, why);
    }

    /** Looks whether Redis lost positions. */
    public LossReport detectCacheLoss() {
        try {
            // What is known elsewhere is looked at before Redis, which is written first: no race looks like a loss.
            Map<StoreId, Position> elsewhere = elsewhere();
            String now = layers.incarnation();
            String before = incarnation;
            incarnation = now;
            Map<StoreId, Position> inRedis =
                    Recovery.positions(layers.redis().layer().read(stores()));
            layers.redis().succeeded();
            inRedis.values().forEach(this::remember);
            Health health = advised(HealthAssessment.of(stores(), inRedis, elsewhere));
            return new LossReport(
                    before != null && !before.equals(now),
                    with(health, Badge.MISSING),
                    with(health, Badge.RESET),
                    Optional.empty(),
                    Optional.of(health));
        } catch (LayerUnavailableException unavailable) {
            layers.redis().failed(unavailable);
            return new LossReport(false, List.of(), List.of(), Optional.of(unavailable.reason()), Optional.empty());
        }
    }

    /** How every store stands right now; a Redis that cannot be asked makes every store missing. */
    public Health health() {
        return health(stores());
    }

    /** How some stores stand right now. */
    public Health health(List<StoreId> some) {
        Map<StoreId, Position> elsewhere = elsewhere();
        List<String> problems = new ArrayList<>();
        Map<StoreId, Position> inRedis = Recovery.positions(
                Layers.tryRead(layers.redis(), some, problems).orElse(Map.of()));
        return advised(HealthAssessment.of(some, inRedis, elsewhere));
    }

    /** With what is wrong with the layers first. */
    private Health advised(Health health) {
        List<String> recommendations = new ArrayList<>(layers.problems());
        recommendations.addAll(health.recommendations());
        return new Health(health.stores(), health.percent(), recommendations);
    }

    /** How a store stands by what this process has last seen and written, without asking any layer. */
    public StoreHealth lastSeen(StoreId store) {
        Optional<Position> known = Optional.ofNullable(farthest.get(store));
        boolean inRedis = layers.redis().problem().isEmpty();
        return HealthAssessment.judge(store, inRedis ? known : Optional.empty(), known);
    }

    /** The last recovery of this process that had anything to do. */
    public Optional<RecoveryReport> lastRecovery() {
        return Optional.ofNullable(lastRecovery);
    }

    /** How many stores' newest position waits to be written to that layer. */
    public int waitingFor(Layer layer) {
        return layers.keeper(layer).waiting();
    }

    Layers layers() {
        return layers;
    }

    Journal journal() {
        return journal;
    }

    /** Puts a rewind's position into every layer; its generation outranks what is there. */
    Verdict force(Position position, JournalEntry.Kind kind, String text) {
        Verdict verdict = updateSyncPosition(position);
        journal.add(position.store(), entry(kind, position, text));
        return verdict;
    }

    private RecoveryReport recover(Collection<StoreId> some, String why) {
        return recoverNow(some, why).report();
    }

    private Recovery.Done recoverNow(Collection<StoreId> some, String why) {
        Recovery.Done done = recovery.run(some, why);
        RecoveryReport report = done.report();
        done.farthest().values().forEach(this::remember);
        long changed = report.stores().size() - report.count(StoreRecovery.Outcome.UNCHANGED);
        if (changed > 0) {
            lastRecovery = report;
            onRecovery.accept(report);
            LOG.info(
                    "recovered positions ({}): {} restored {}, {} new, {} failed, in {} ms",
                    why,
                    report.count(StoreRecovery.Outcome.RESTORED),
                    report.restoredFrom(),
                    report.count(StoreRecovery.Outcome.NEW),
                    report.count(StoreRecovery.Outcome.FAILED),
                    report.took().toMillis());
        }
        return done;
    }

    private boolean isBehind(Position held) {
        Position known = farthest.get(held.store());
        return known != null
                && HealthAssessment.of(List.of(held.store()), Map.of(held.store(), held), Map.of(held.store(), known))
                        .hasLoss();
    }

    /** The farthest known without asking any layer: what Kafka's checkpoints say and what this process has seen. */
    private Map<StoreId, Position> elsewhere() {
        layers.knownOnKafka()
                .values()
                .forEach(known -> remember(known.position().from(Layer.KAFKA)));
        return Map.copyOf(farthest);
    }

    private void remember(Position position) {
        farthest.merge(position.store(), position, Monotonic::farther);
    }

    private JournalEntry entry(JournalEntry.Kind kind, Position position, String text) {
        return new JournalEntry(clock.instant(), kind, position.page(), position.lastId(), text);
    }

    private static List<StoreId> with(Health health, Badge badge) {
        return health.stores().stream()
                .filter(store -> store.badge() == badge)
                .map(StoreHealth::store)
                .toList();
    }
}
