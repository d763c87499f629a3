package io.tidemark.reconciler;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.core.process.Build;
import io.tidemark.reconciler.http.FreshnessReport;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far Redis is behind PostgreSQL as metrics, looked at every few seconds whether somebody asks or not. Thread-safe. */
final class FreshnessMeters implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FreshnessMeters.class);
    private static final long EVERY_SECONDS = 2;
    private static final double MILLIS = 1_000.0;

    private final FreshnessReport.Source reports;
    private volatile @Nullable FreshnessReport last;
    private final ScheduledExecutorService refresher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "freshness-meters");
        thread.setDaemon(true);
        return thread;
    });

    FreshnessMeters(MeterRegistry registry, FreshnessReport.Source reports) {
        this.reports = reports;
        Gauge.builder("tidemark.lag.seconds", this, m -> m.seconds())
                .description("How long ago Redis was right up to the end of the WAL; 0 when it is now")
                .register(registry);
        Gauge.builder("tidemark.lag.bytes", this, m -> m.bytes())
                .description("WAL between what is applied in Redis and where it stands now")
                .register(registry);
        Gauge.builder("tidemark.build.info", () -> 1)
                .description("1; its labels say which build runs")
                .tags("service", "reconciler", "version", Build.versionOf(FreshnessMeters.class), "java", Build.java())
                .register(registry);
    }

    /** Looks from now on. */
    void start() {
        refresher.scheduleWithFixedDelay(this::look, 0, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        refresher.shutdownNow();
    }

    void look() {
        try {
            last = reports.now();
        } catch (RuntimeException unknown) {
            last = null;
            LOG.warn("how far Redis is behind cannot be said right now", unknown);
        }
    }

    /** Not a number while it is not known, which an alert can tell from 0. */
    private double seconds() {
        FreshnessReport report = last;
        return report == null || report.behindMillis() == null ? Double.NaN : report.behindMillis() / MILLIS;
    }

    private double bytes() {
        FreshnessReport report = last;
        return report == null || report.behindBytes() == null ? Double.NaN : report.behindBytes();
    }
}
