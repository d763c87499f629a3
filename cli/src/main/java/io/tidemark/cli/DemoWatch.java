package io.tidemark.cli;

import io.tidemark.cli.api.Applied;
import io.tidemark.cli.api.Comparison;
import io.tidemark.cli.api.ServiceClient;
import io.tidemark.cli.api.UnreachableException;
import io.tidemark.cli.api.Verification;
import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.screen.LiveLine;
import io.tidemark.cli.shop.postgres.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a running demo from the side: asks cache-writer twice a second, and has everything compared every ten
 * seconds when that costs little. Thread-safe.
 */
final class DemoWatch implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration COMPARE_EVERY = Duration.ofSeconds(10);

    private final ServiceClient cacheWriter;
    private final ServiceClient reconciler;
    private final Traffic traffic;
    private final List<Thread> threads = new ArrayList<>();
    private final RunFreshness freshness = new RunFreshness();
    private final Rate rate = new Rate();

    private @Nullable Applied applied;
    private final Counted counted = new Counted();
    private long differing = -1;
    private long comparedAt;
    private long started = System.nanoTime();

    DemoWatch(ServiceClient cacheWriter, ServiceClient reconciler, Traffic traffic, boolean compare) {
        this.cacheWriter = cacheWriter;
        this.reconciler = reconciler;
        this.traffic = traffic;
        threads.add(new Thread(() -> repeat(this::look, LOOK_EVERY), "demo-watch"));
        if (compare) {
            threads.add(new Thread(() -> repeat(this::compare, COMPARE_EVERY), "demo-compare"));
        }
        threads.forEach(thread -> thread.setDaemon(true));
    }

    /** Begins to look; what cache-writer has done until now does not count. */
    void start() throws InterruptedException {
        Applied.of(cacheWriter).ifPresent(now -> counted.from(now.changes()));
        synchronized (this) {
            started = System.nanoTime();
        }
        threads.forEach(Thread::start);
    }

    private interface Task {
        void run() throws InterruptedException;
    }

    private static void repeat(Task task, Duration every) {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(every.toMillis());
                task.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks cache-writer now. */
    void look() throws InterruptedException {
        Applied.of(cacheWriter).ifPresent(this::keep);
    }

    private synchronized void keep(Applied now) {
        applied = now;
        counted.to(now.changes());
        freshness.seen(Duration.ofNanos(System.nanoTime() - started), now.p50Millis(), now.p99Millis());
    }

    private void compare() throws InterruptedException {
        try {
            Comparison comparison = Verification.begin(reconciler, null).await(Duration.ofMinutes(2), progress -> {});
            synchronized (this) {
                differing = comparison.different();
                comparedAt = System.nanoTime();
            }
        } catch (UnreachableException | CommandFailure e) {
            // The live line shows how old the last comparison is; the one at the end must succeed.
        }
    }

    /** How it goes at this moment. */
    synchronized LiveLine.Sample sample() {
        long now = System.nanoTime();
        long written = traffic.written();
        Applied known = applied;
        return new LiveLine.Sample(
                written,
                rate.at(now, written),
                known == null ? OptionalLong.empty() : OptionalLong.of(counted.total()),
                known == null ? OptionalDouble.empty() : known.p50Millis(),
                known == null ? OptionalDouble.empty() : known.p99Millis(),
                known == null ? OptionalLong.empty() : known.keys(),
                differing < 0 ? null : new LiveLine.Drift(differing, Duration.ofNanos(now - comparedAt)));
    }

    synchronized OptionalDouble p50OfRun() {
        return freshness.p50Millis();
    }

    synchronized OptionalDouble p99OfRun() {
        return freshness.p99Millis();
    }

    synchronized OptionalDouble firstP99OfRun() {
        return freshness.firstP99Millis();
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }

    /** A count that goes on when cache-writer is started again and counts from 0. Not thread-safe. */
    private static final class Counted {
        private long last;
        private long total;

        void from(long base) {
            last = base;
        }

        void to(long now) {
            total += now >= last ? now - last : now;
            last = now;
        }

        long total() {
            return total;
        }
    }
}
