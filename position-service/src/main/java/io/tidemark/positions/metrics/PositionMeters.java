package io.tidemark.positions.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.tidemark.core.process.Build;
import io.tidemark.positions.position.Badge;
import io.tidemark.positions.position.Health;
import io.tidemark.positions.position.Layer;
import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.StoreHealth;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.StoreSyncs;
import io.tidemark.positions.position.SyncState;
import io.tidemark.positions.position.SyncState.Phase;
import io.tidemark.positions.recovery.PositionWatch;
import io.tidemark.positions.recovery.SyncPositions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How positions and syncs stand, as gauges. The label store has the names of the settings and no others, so the number of
 * series is bounded by what was configured; nothing of an order is ever a label. Thread-safe.
 */
public final class PositionMeters implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PositionMeters.class);
    private static final Duration POSITIONS_EVERY = Duration.ofSeconds(2);
    private static final Duration SYNCS_EVERY = Duration.ofSeconds(5);
    /** The stores' calls left are asked of PostgreSQL one by one: with many stores, the less often. */
    private static final Duration SYNCS_PAUSE_PER_STORE = Duration.ofMillis(40);

    private final PositionWatch watch;
    private final StoreSyncs syncs;
    private final Clock clock;
    private final MultiGauge age;
    private final MultiGauge page;
    private final MultiGauge callsLeft;
    private final MultiGauge syncAge;
    private final MultiGauge phases;
    private Instant syncsNotBefore = Instant.MIN;
    private final ScheduledExecutorService refresher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "tidemark-position-meters");
        thread.setDaemon(true);
        return thread;
    });

    /** Registers the gauges; {@link #start()} keeps them up to date. */
    public PositionMeters(
            MeterRegistry registry, PositionWatch watch, SyncPositions positions, StoreSyncs syncs, Clock clock) {
        this.watch = watch;
        this.syncs = syncs;
        this.clock = clock;
        Gauge.builder("tidemark.positions.health.ratio", watch, w -> looked(w, health -> health.percent() / 100.0))
                .description("Share of stores whose position in Redis is the farthest known")
                .register(registry);
        for (Badge badge : Badge.values()) {
            Gauge.builder("tidemark.positions.stores", watch, w -> looked(w, health -> health.count(badge)))
                    .description("Stores by how their position in Redis stands")
                    .tag("badge", badge.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        Gauge.builder("tidemark.positions.look.age.seconds", watch, this::lookAge)
                .description("Since positions were last looked at; more than a few seconds: the watch stands still")
                .register(registry);
        for (Layer layer : SyncPositions.KEPT_IN) {
            Gauge.builder("tidemark.positions.waiting", positions, p -> p.waitingFor(layer))
                    .description("Stores whose newest position waits to be written to a layer")
                    .tag("layer", layer.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        Gauge.builder("tidemark.build.info", () -> 1)
                .description("1; its labels say which build runs")
                .tags(
                        "service",
                        "position-service",
                        "version",
                        Build.versionOf(PositionMeters.class),
                        "java",
                        Build.java())
                .register(registry);
        age = gauge(registry, "tidemark.position.age.seconds", "Since the store's position was reached");
        page = gauge(registry, "tidemark.position.page", "The page at which the store goes on");
        callsLeft = gauge(registry, "tidemark.order.api.calls.left", "Calls of the API that a store may make now");
        syncAge = gauge(registry, "tidemark.order.sync.age.seconds", "Since the store was last synced to its end");
        phases = gauge(registry, "tidemark.order.sync.stores", "Stores by what their sync does");
    }

    /** Keeps the stores' gauges up to date from now on. */
    public void start() {
        every(POSITIONS_EVERY, this::refreshPositions);
        every(SYNCS_EVERY, () -> {
            if (!clock.instant().isBefore(syncsNotBefore)) {
                refreshSyncs();
                syncsNotBefore = clock.instant()
                        .plus(SYNCS_PAUSE_PER_STORE.multipliedBy(syncs.stores().size()));
            }
        });
    }

    @Override
    public void close() {
        refresher.shutdownNow();
    }

    void refreshPositions() {
        Instant now = clock.instant();
        List<Row<?>> ages = new ArrayList<>();
        List<Row<?>> pages = new ArrayList<>();
        for (StoreHealth store : watch.health().map(Health::stores).orElse(List.of())) {
            if (store.inRedis().isPresent()) {
                Position position = store.inRedis().get();
                ages.add(row(store.store(), seconds(position.asOf(), now)));
                pages.add(row(store.store(), position.page()));
            }
        }
        age.register(ages, true);
        page.register(pages, true);
    }

    void refreshSyncs() {
        Instant now = clock.instant();
        Map<StoreId, SyncState> states = syncs.states();
        List<Row<?>> left = new ArrayList<>();
        List<Row<?>> ages = new ArrayList<>();
        states.forEach((store, state) -> {
            add(left, store, "hour", state.callsLeftThisHour());
            add(left, store, "day", state.callsLeftToday());
            state.lastSync().ifPresent(at -> ages.add(row(store, seconds(at, now))));
        });
        callsLeft.register(left, true);
        syncAge.register(ages, true);
        List<Row<?>> counts = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            counts.add(Row.of(
                    Tags.of("phase", phase.name().toLowerCase(Locale.ROOT)),
                    states.values().stream()
                            .filter(state -> state.phase() == phase)
                            .count()));
        }
        phases.register(counts, true);
    }

    private double lookAge(PositionWatch looking) {
        return looking.lookedAt().map(at -> seconds(at, clock.instant())).orElse(Double.NaN);
    }

    /** Not a number before the first look: nothing is known, which is neither good nor bad. */
    private static double looked(PositionWatch watch, Function<Health, Number> what) {
        return watch.health().map(what).map(Number::doubleValue).orElse(Double.NaN);
    }

    private void every(Duration pause, Runnable duty) {
        refresher.scheduleWithFixedDelay(
                () -> {
                    try {
                        duty.run();
                    } catch (RuntimeException failed) {
                        LOG.warn("metrics could not be brought up to date once; it is tried again", failed);
                    }
                },
                0,
                pause.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private static void add(List<Row<?>> rows, StoreId store, String limit, OptionalLong left) {
        if (left.isPresent()) {
            rows.add(Row.of(Tags.of("store", store.name(), "limit", limit), left.getAsLong()));
        }
    }

    private static Row<?> row(StoreId store, double value) {
        return Row.of(Tags.of("store", store.name()), value);
    }

    private static double seconds(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toMillis() / 1_000.0);
    }

    private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }
}
