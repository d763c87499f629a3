package io.tidemark.positions.lag;

import io.tidemark.positions.lag.LagSource.LagUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks once a second how far every group is. Owns the thread {@code lag}; what it last saw may be read by all. */
public final class LagWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LagWatch.class);
    private static final long EVERY_MILLIS = 1_000;
    private static final long CLOSE_SECONDS = 3;

    private final LagSource source;
    private final CommitTimes times;
    private final LagBoard board;
    private final Consumer<LagReport> heard;
    private final InstantSource clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread one = new Thread(task, "lag");
        one.setDaemon(true);
        return one;
    });
    private volatile @Nullable LagReport last;
    private volatile String problem = "";

    /**
     * @param times knows when records were committed
     * @param window over how much time states are judged, at least
     * @param prefix what the topics of tables begin with
     * @param heard is told every report, on the thread that looks
     */
    public LagWatch(
            LagSource source,
            CommitTimes times,
            Duration window,
            String prefix,
            Consumer<LagReport> heard,
            InstantSource clock) {
        this.source = source;
        this.times = times;
        this.board = new LagBoard(window, prefix);
        this.heard = heard;
        this.clock = clock;
    }

    /** Begins; returns at once. */
    public void start() {
        thread.scheduleAtFixedRate(this::look, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        Instant began = clock.instant();
        try {
            Offsets offsets = source.look();
            Map<CommitTimes.Place, Instant> committed = times.of(offsets.unread());
            LagReport report = board.report(offsets, committed, Duration.between(began, clock.instant()));
            last = report;
            problem = "";
            heard.accept(report);
        } catch (LagUnavailableException away) {
            if (problem.isEmpty()) {
                LOG.warn("how far consumer groups are is not known: {}", away.getMessage());
            }
            problem = String.valueOf(away.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException unforeseen) {
            problem = "BUG: " + unforeseen;
            LOG.error("BUG: nobody looked how far consumer groups are; it is tried again", unforeseen);
        }
    }

    /** What was last seen; empty before the first look that Kafka answered. */
    public Optional<LagReport> last() {
        return Optional.ofNullable(last);
    }

    /** Why Kafka does not answer; empty when it does. */
    public String problem() {
        return problem;
    }

    /** Since Kafka last answered; empty before the first time. */
    public Optional<Duration> age() {
        return last().map(report -> Duration.between(report.at(), clock.instant()));
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            // What it asks is closed next.
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the last look at consumer groups has not ended yet");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
