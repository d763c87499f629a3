package io.tidemark.ingest;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.tidemark.core.change.TableId;
import io.tidemark.core.process.Build;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** The service's metrics, all named tidemark_*, in base units. Thread-safe. */
final class Meters implements AutoCloseable {
    private static final long REFRESH_SECONDS = 1;

    private final MeterRegistry registry;
    private final StreamProgress progress;
    private final Set<String> counted = ConcurrentHashMap.newKeySet();
    private final MultiGauge snapshotRows;
    private final MultiGauge snapshotEstimates;
    private final ScheduledExecutorService refresher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "meters");
        thread.setDaemon(true);
        return thread;
    });

    Meters(MeterRegistry registry, StreamProgress progress, StateBoard board) {
        this.registry = registry;
        this.progress = progress;
        gauge("tidemark.ingest.epoch", "Which life of the change stream runs", StreamProgress::epoch);
        gauge(
                "tidemark.ingest.published.lsn",
                "Every commit up to this LSN is published",
                StreamProgress::publishedLsn);
        gauge("tidemark.ingest.lag.bytes", "WAL written and not yet published", StreamProgress::lagBytes);
        gauge("tidemark.ingest.slot.held.bytes", "WAL that the replication slot holds", StreamProgress::slotHeldBytes);
        Gauge.builder("tidemark.ingest.running", board, b -> b.state() instanceof IngestState.Running ? 1 : 0)
                .description("1 while the stream runs here")
                .register(registry);
        Gauge.builder("tidemark.ingest.snapshot.done", progress, p -> p.isSnapshotDone() ? 1 : 0)
                .description("1 when the epoch's first snapshot is published whole")
                .register(registry);
        FunctionCounter.builder("tidemark.ingest.engine.restarts", progress, StreamProgress::restarts)
                .description("How often the stream failed and was started again")
                .register(registry);
        Gauge.builder("tidemark.build.info", () -> 1)
                .description("1; its labels say which build runs")
                .tags("service", "ingest-service", "version", Build.versionOf(Meters.class), "java", Build.java())
                .register(registry);
        snapshotRows = MultiGauge.builder("tidemark.ingest.snapshot.rows")
                .description("Rows the snapshot has published")
                .register(registry);
        snapshotEstimates = MultiGauge.builder("tidemark.ingest.snapshot.rows.estimated")
                .description("Rows the snapshot is expected to publish")
                .register(registry);
    }

    /** Keeps the meters of the tables up to date from now on. */
    void start() {
        refresher.scheduleWithFixedDelay(this::refresh, REFRESH_SECONDS, REFRESH_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        refresher.shutdownNow();
    }

    /** Brings meters up to date that come into being with their tables. */
    void refresh() {
        progress.counts()
                .forEach((table, operations) -> operations.forEach((operation, count) -> {
                    if (counted.add(table + " " + operation)) {
                        countChanges(table, operation, count);
                    }
                }));
        Map<TableId, Long> estimates = progress.estimatedRows();
        List<MultiGauge.Row<?>> done = new ArrayList<>();
        List<MultiGauge.Row<?>> expected = new ArrayList<>();
        estimates.forEach((table, rows) -> {
            Tags tags = Tags.of("table", table.toString());
            done.add(MultiGauge.Row.of(tags, progress.snapshotRows(table)));
            expected.add(MultiGauge.Row.of(tags, rows));
        });
        snapshotRows.register(done, true);
        snapshotEstimates.register(expected, true);
    }

    private void countChanges(TableId table, String operation, LongAdder count) {
        FunctionCounter.builder("tidemark.ingest.changes", count, LongAdder::sum)
                .description("Changes published")
                .tags("table", table.toString(), "operation", operation)
                .register(registry);
    }

    private void gauge(String name, String description, java.util.function.ToDoubleFunction<StreamProgress> value) {
        Gauge.builder(name, progress, value).description(description).register(registry);
    }
}
