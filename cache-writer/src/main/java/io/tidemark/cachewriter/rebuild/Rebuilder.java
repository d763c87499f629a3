package io.tidemark.cachewriter.rebuild;

import io.tidemark.cachewriter.apply.BatchApplier;
import io.tidemark.cachewriter.entries.InOneLife;
import io.tidemark.cachewriter.entries.WriteResult;
import io.tidemark.cachewriter.past.Chunk;
import io.tidemark.cachewriter.past.History;
import io.tidemark.cachewriter.rebuild.Rebuilds.Progress;
import io.tidemark.cachewriter.rebuild.Rebuilds.Task;
import io.tidemark.cachewriter.stats.WriterStats;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings back what Redis has lost: of each partition the newest changes first, so that nobody ever reads an older one, under the
 * fences, while new changes are applied beside it. Owns the thread {@code rebuild}.
 */
public final class Rebuilder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rebuilder.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;
    private static final long SAY_EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Rebuilds rebuilds;
    private final History history;
    private final InOneLife entries;
    private final BatchApplier applier;
    private final WriterStats stats;
    private final BooleanSupplier isOpen;
    private final Thread thread = new Thread(this::run, "rebuild");
    private volatile boolean closed;
    private long lastSaid;

    /**
     * @param entries those that the applier writes to
     * @param applier for this object alone
     * @param stats what the applier counts by, for this object alone
     * @param isOpen whether entries can be written
     */
    public Rebuilder(
            Rebuilds rebuilds,
            History history,
            InOneLife entries,
            BatchApplier applier,
            WriterStats stats,
            BooleanSupplier isOpen) {
        this.entries = entries;
        this.rebuilds = rebuilds;
        this.history = history;
        this.applier = applier;
        this.stats = stats;
        this.isOpen = isOpen;
        thread.setDaemon(true);
    }

    public void begin() {
        thread.start();
    }

    private void run() {
        long pause = FIRST_PAUSE_MILLIS;
        while (!closed) {
            try {
                Task task = rebuilds.await(LOOK_EVERY);
                if (task == null || !isOpen.getAsBoolean()) {
                    sleep(task == null ? 0 : FIRST_PAUSE_MILLIS);
                    continue;
                }
                rebuild(task);
                pause = FIRST_PAUSE_MILLIS;
            } catch (History.AwayException away) {
                LOG.warn("the rebuild waits for Kafka: {}", away.getMessage());
                pause = pauseAfter(pause);
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException unforeseen) {
                if (!closed) {
                    LOG.error("BUG: the rebuild failed; it begins anew", unforeseen);
                }
                pause = pauseAfter(pause);
            }
        }
    }

    private void rebuild(Task task) throws InterruptedException {
        History.Span span =
                history.spans(Set.of(task.partition().topic())).getOrDefault(task.partition(), new History.Span(0, 0));
        long to = Math.min(task.to(), span.end());
        entries.set(task.life());
        rebuilds.expect(task, Math.max(0, to - span.begin()));
        try (History.Reading reading = history.newestFirst(task.partition(), span.begin(), to)) {
            for (Chunk chunk = reading.next(); chunk != null; chunk = reading.next()) {
                long before = stats.count(WriteResult.WRITTEN);
                if (!isApplied(chunk, task)) {
                    return;
                }
                rebuilds.applied(task, to - chunk.from(), chunk.read(), stats.count(WriteResult.WRITTEN) - before);
                to = chunk.from();
                say();
            }
        }
        if (rebuilds.done(task)) {
            Progress all = rebuilds.progress();
            if (all != null) {
                LOG.info(
                        "Redis is rebuilt: {} entries written of {} records in {} s",
                        all.written(),
                        all.records(),
                        all.seconds());
            }
        }
    }

    /** Applies a piece, again and again where Redis is away; answers false when nobody waits for it any more. */
    private boolean isApplied(Chunk chunk, Task task) throws InterruptedException {
        for (long pause = FIRST_PAUSE_MILLIS; !task.isDropped() && !closed; ) {
            if (applier.apply(chunk.records()).again().isEmpty()) {
                return !task.isDropped();
            }
            sleep(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
        return false;
    }

    private void say() {
        Progress progress = rebuilds.progress();
        long now = System.nanoTime();
        if (progress != null && now - lastSaid > SAY_EVERY_NANOS) {
            lastSaid = now;
            LOG.info(
                    "rebuilding Redis: {} %, {} entries written, {} partitions left",
                    progress.percent(), progress.written(), progress.partitions());
        }
    }

    private long pauseAfter(long pause) {
        try {
            sleep(pause);
        } catch (InterruptedException stopped) {
            closed = true;
        }
        return Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }

    private static void sleep(long millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
