package io.tidemark.reconciler.schedule;

import io.tidemark.core.pipeline.ScheduledJob;
import io.tidemark.core.timetable.Every;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a job stands. Immutable.
 *
 * @param job with the interval that it has now
 * @param next when it runs next; null when nobody knows
 * @param runs the last ones, newest first
 */
public record JobState(ScheduledJob job, @Nullable Instant next, List<JobRun> runs) {
    public JobState {
        runs = List.copyOf(runs);
    }

    /** The times after the next, the next among them. */
    public List<Instant> nextRuns(int count) {
        List<Instant> times = new ArrayList<>();
        for (Instant at = next;
                at != null && times.size() < count;
                at = job.timetable().next(at)) {
            times.add(at);
        }
        return times;
    }

    /** What a person should know; null for nothing. */
    public @Nullable String warning() {
        if (!(job.timetable() instanceof Every every)) {
            return null;
        }
        for (JobRun run : runs) {
            Duration took = run.duration();
            if (took != null && run.state() == JobRun.State.DONE) {
                return took.compareTo(every.interval()) > 0 ? tooShort(every, took) : null;
            }
        }
        return null;
    }

    private static String tooShort(Every every, Duration took) {
        return "the interval, " + every.text() + ", is below the " + took.toSeconds()
                + " s that the last run took: runs follow each other without a pause";
    }
}
