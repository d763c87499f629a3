package io.tidemark.reconciler.schedule.postgres;

import io.tidemark.core.pipeline.ScheduledJob;
import io.tidemark.core.timetable.Every;
import io.tidemark.reconciler.schedule.JobRun;
import io.tidemark.reconciler.schedule.JobRun.State;
import io.tidemark.reconciler.schedule.Work;
import io.tidemark.reconciler.schedule.Work.WorkFailedException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one job when its time has come, writes down what became of it, and says when it runs next. Thread-safe. */
final class JobHandler {
    private static final Logger LOG = LoggerFactory.getLogger(JobHandler.class);
    private static final Duration LATE = Duration.ofMinutes(1);
    private static final Duration AGAIN = Duration.ofSeconds(10);
    private static final int MOST_COUNTED = 100_000;

    private final ScheduleTables tables;
    private final Work work;
    private final InstantSource clock;
    private final String instance;

    JobHandler(ScheduleTables tables, Work work, InstantSource clock, String instance) {
        this.tables = tables;
        this.work = work;
        this.clock = clock;
        this.instance = instance;
    }

    /**
     * Does a job.
     *
     * @param planned when its time came
     * @param byHand whether a person asked for it
     * @return when it runs next
     */
    Instant run(ScheduledJob defined, Instant planned, boolean byHand) throws SQLException {
        ScheduledJob job = tables.now(defined);
        if (!byHand && tables.stopped()) {
            return job.timetable().next(clock.instant());
        }
        Optional<ScheduleTables.Right> right = tables.right(job.name());
        if (right.isEmpty()) {
            // Another instance, by clocks that differ or by hand. It is in that one's history.
            return clock.instant().plus(AGAIN);
        }
        try (ScheduleTables.Right held = right.get()) {
            tables.interrupted(job.name(), clock.instant());
            return run(job, planned, byHand, clock.instant());
        }
    }

    private Instant run(ScheduledJob job, Instant planned, boolean byHand, Instant began) throws SQLException {
        int missed = byHand ? 0 : missed(job, planned, began);
        if (missed > 0) {
            LOG.warn("job {}: {} runs were missed since {}; it is caught up once, now", job.name(), missed, planned);
        }
        long id = tables.begin(
                new JobRun(job.name(), planned, began, null, State.RUNNING, byHand, missed, instance, null, null));
        try {
            String result = work.run(job);
            tables.end(id, State.DONE, clock.instant(), result, null);
        } catch (WorkFailedException failed) {
            LOG.warn("job {} failed: {}", job.name(), failed.getMessage());
            tables.end(id, State.FAILED, clock.instant(), null, failed.getMessage());
        } catch (InterruptedException stopped) {
            // Cleared, since the database's client would not write with it; nothing more is done after this.
            tables.end(id, State.INTERRUPTED, clock.instant(), null, "its reconciler ends");
            LOG.info("job {} is interrupted; it runs again at the next start", job.name());
            return clock.instant();
        } catch (RuntimeException unforeseen) {
            LOG.error("BUG: job {} failed", job.name(), unforeseen);
            tables.end(id, State.FAILED, clock.instant(), null, "BUG: " + unforeseen);
        }
        return next(job, began);
    }

    private Instant next(ScheduledJob job, Instant began) throws SQLException {
        Instant now = clock.instant();
        ScheduledJob current = tables.now(job);
        if (!(current.timetable() instanceof Every every)) {
            return current.timetable().next(now);
        }
        Instant next = every.next(began);
        if (next.isBefore(now)) {
            LOG.warn(
                    "job {} took {} s, longer than its interval, {}: it runs again at once",
                    job.name(),
                    Duration.between(began, now).toSeconds(),
                    every.text());
            return now;
        }
        return next;
    }

    /** How many times have passed without a run; none when it is on time. */
    private static int missed(ScheduledJob job, Instant planned, Instant now) {
        if (planned.plus(LATE).isAfter(now)) {
            return 0;
        }
        return 1 + job.timetable().timesBetween(planned, now, MOST_COUNTED);
    }
}
