package io.tidemark.cachewriter.apply;

import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.entries.EntryWrite;
import io.tidemark.cachewriter.entries.WriteResult;
import io.tidemark.cachewriter.stats.WriterStats;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes entries in portions, a few of which run beside each other, looks at every answer, and tries again what failed, for a
 * bounded time. One thread owns it.
 *
 * <p>Order does not matter: the fences in Redis keep the newest version, whichever comes first.
 */
final class Writing {
    private static final Logger LOG = LoggerFactory.getLogger(Writing.class);
    private static final int MOST_WRITES = 256;
    private static final long MOST_BYTES = 1 << 20;
    /** What is under way is held in memory; Redis has always enough to do with so many. */
    private static final int MOST_RUNNING = 8;

    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final Entries entries;
    private final WriterStats stats;
    private final long patienceNanos;
    private final Queue<Running> running = new ArrayDeque<>();
    private List<Portion> failed = new ArrayList<>();
    private List<Planned> readAgain = new ArrayList<>();
    /** Since a portion had no answer nothing more is sent until it is settled: each would wait for its own time-out. */
    private boolean isAway;

    private boolean troubled;

    /** A write and what it is for. */
    record Pending(Planned planned, EntryWrite write) {}

    private record Portion(long ttlMillis, List<Pending> writes) {}

    private record Running(Portion portion, CompletionStage<List<WriteResult>> answer) {}

    /** @param patienceMillis how long to try again before the rest is left unfinished */
    Writing(Entries entries, WriterStats stats, long patienceMillis) {
        this.entries = entries;
        this.stats = stats;
        this.patienceNanos = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    }

    /**
     * Starts writes, and waits for some of those before where too many are under way; {@link #settle} waits for the rest. All are of
     * caches with this ttl.
     */
    void start(long ttlMillis, List<Pending> writes) {
        int from = 0;
        long bytes = 0;
        for (int i = 0; i < writes.size(); i++) {
            byte[] value = writes.get(i).write().value();
            bytes += value == null ? 0 : value.length;
            if (i + 1 == writes.size() || i + 1 - from >= MOST_WRITES || bytes >= MOST_BYTES) {
                start(new Portion(ttlMillis, List.copyOf(writes.subList(from, i + 1))));
                from = i + 1;
                bytes = 0;
            }
        }
    }

    private void start(Portion portion) {
        if (isAway) {
            failed.add(portion);
            return;
        }
        List<EntryWrite> plain = new ArrayList<>(portion.writes().size());
        for (Pending pending : portion.writes()) {
            plain.add(pending.write());
        }
        running.add(new Running(portion, entries.apply(portion.ttlMillis(), plain)));
        if (running.size() > MOST_RUNNING) {
            look(running.remove());
        }
    }

    /**
     * Waits for everything started, trying again what failed.
     *
     * @param marks learns what could not be done
     * @return what must be read from the database instead
     */
    List<Planned> settle(Watermarks marks) {
        long deadline = System.nanoTime() + patienceNanos;
        long pause = FIRST_PAUSE_MILLIS;
        lookAtAll();
        while (!failed.isEmpty()) {
            List<Portion> again = failed;
            failed = new ArrayList<>();
            isAway = false;
            if (System.nanoTime() < deadline && sleep(pause)) {
                again.forEach(this::start);
                lookAtAll();
            } else {
                again.forEach(portion ->
                        portion.writes().forEach(pending -> pending.planned().leaveUnfinished(marks)));
            }
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
        List<Planned> settled = readAgain;
        readAgain = new ArrayList<>();
        return settled;
    }

    private void lookAtAll() {
        for (Running next = running.poll(); next != null; next = running.poll()) {
            look(next);
        }
    }

    private void look(Running done) {
        Portion portion = done.portion();
        List<WriteResult> results = answerOf(done);
        if (results == null) {
            isAway = true;
            failed.add(portion);
            return;
        }
        List<Pending> failedWrites = new ArrayList<>(0);
        stats.beginRecording();
        for (int i = 0; i < results.size(); i++) {
            Pending pending = portion.writes().get(i);
            WriteResult result = results.get(i);
            if (result.isSettled()) {
                Planned planned = pending.planned();
                stats.applied(
                        planned.newest().table(),
                        result,
                        planned.changes(),
                        planned.oldestCommitMicros(),
                        planned.newest().operation());
                if (result == WriteResult.EVICTED) {
                    stats.evicted(planned.target().cache().name());
                }
            } else if (result == WriteResult.READ_AGAIN) {
                readAgain.add(pending.planned());
            } else {
                failedWrites.add(pending);
            }
        }
        if (!failedWrites.isEmpty()) {
            failed.add(new Portion(portion.ttlMillis(), failedWrites));
        } else if (troubled) {
            troubled = false;
            LOG.info("Redis takes writes again");
        }
    }

    private @Nullable List<WriteResult> answerOf(Running done) {
        try {
            return done.answer().toCompletableFuture().join();
        } catch (CompletionException | EntriesException failure) {
            stats.redisFailed();
            if (!troubled) {
                troubled = true;
                Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                LOG.warn("Redis did not take a write; changes wait in Kafka until it does: {}", cause.getMessage());
            }
            return null;
        }
    }

    /** Whether it slept to the end. */
    static boolean sleep(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
