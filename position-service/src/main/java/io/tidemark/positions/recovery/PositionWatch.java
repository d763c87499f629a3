package io.tidemark.positions.recovery;

import io.tidemark.positions.position.Health;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after positions on a thread of its own, every second: writes what waits, sees a loss and repairs it, and keeps
 * the health of the last hour. Thread-safe.
 */
public final class PositionWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PositionWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration FLUSH_EVERY = Duration.ofMillis(250);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    private static final int SLOW_TICKS = 5;

    private final SyncPositions positions;
    private final Runnable slowDuty;
    private final Clock clock;
    private final HealthHistory history = new HealthHistory();
    private final HealthFile file;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "tidemark-position-watch");
        made.setDaemon(true);
        return made;
    });
    private volatile @Nullable Health health;
    private volatile @Nullable Instant lookedAt;
    private int ticks;
    private Instant retryAt = Instant.MIN;

    /**
     * @param slowDuty what else has to be done every few seconds; its failure is logged
     * @param file where the health of the last hour lies between two runs
     */
    public PositionWatch(SyncPositions positions, Runnable slowDuty, Path file, Clock clock) {
        this.positions = positions;
        this.slowDuty = slowDuty;
        this.clock = clock;
        this.file = new HealthFile(file);
    }

    /** Begins to look. */
    public void start() {
        history.goOnFrom(file.read(), clock.instant());
        thread.scheduleWithFixedDelay(() -> quietly(this::look), 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
        thread.scheduleWithFixedDelay(
                () -> quietly(positions.layers()::flush),
                FLUSH_EVERY.toMillis(),
                FLUSH_EVERY.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** The health as last looked at, at most a second or so ago; empty before the first look. */
    public Optional<Health> health() {
        return Optional.ofNullable(health);
    }

    /** When it was last looked. */
    public Optional<Instant> lookedAt() {
        return Optional.ofNullable(lookedAt);
    }

    /** The health of the last hour. */
    public HealthHistory history() {
        return history;
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        quietly(positions.layers()::flush);
        quietly(() -> file.write(history.samples()));
    }

    private void look() {
        LossReport loss = positions.detectCacheLoss();
        if (loss.isLoss() && !clock.instant().isBefore(retryAt)) {
            // The figure at the moment of loss is shown before it is repaired.
            sample(loss.health().orElseGet(positions::health));
            RecoveryReport report = positions.restoreLost(loss);
            retryAt = report.success() ? Instant.MIN : clock.instant().plus(RETRY_AFTER);
            sample(positions.health());
        } else {
            sample(loss.health().orElseGet(positions::health));
        }
        ticks++;
        if (ticks % SLOW_TICKS == 0) {
            quietly(slowDuty);
            quietly(() -> file.write(history.samples()));
        }
    }

    private void sample(Health now) {
        Instant at = clock.instant();
        health = now;
        lookedAt = at;
        history.add(new HealthHistory.Sample(at, now.percent()));
    }

    /** Whatever goes wrong once must not end the watch: the next look tries again. */
    private static void quietly(Runnable duty) {
        try {
            duty.run();
        } catch (RuntimeException failed) {
            LOG.warn("looking after positions failed once and is tried again", failed);
        }
    }
}
