package io.tidemark.reconciler.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The jobs and their times, shared by all reconcilers of a database. Thread-safe. Where the database is away, methods throw
 * {@link UnavailableException}.
 */
public interface Schedules {

    /** Whether this reconciler runs jobs, and why not. */
    State state();

    /** Every job of the pipeline file. */
    List<JobState> jobs();

    /** Lets jobs run, here and in every other reconciler. */
    void start();

    /** Lets no job begin any more, here and elsewhere; one that runs goes on to its end. */
    void stop();

    /** Has jobs run now, also while the scheduler is stopped; one that runs already does not run a second time beside it. */
    void triggerNow(List<String> jobs);

    /**
     * Gives a job that runs by an interval another one, until the pipeline file or the environment has another.
     *
     * @return when it runs next
     */
    Instant every(String job, Duration interval);

    /** The last runs of a job, newest first. */
    List<JobRun> history(String job, int most);

    /**
     * Whether jobs run.
     *
     * @param enabled whether this reconciler takes part
     * @param stopped whether somebody has stopped all
     * @param problem why nothing runs; null when all is well
     * @param instance the name of this reconciler in the runs
     */
    record State(boolean enabled, boolean stopped, @Nullable String problem, String instance) {
        public boolean running() {
            return enabled && !stopped && problem == null;
        }
    }

    /** The schedules' database is away, or not ready yet. */
    final class UnavailableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public UnavailableException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
