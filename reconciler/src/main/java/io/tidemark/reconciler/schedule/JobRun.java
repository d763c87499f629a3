package io.tidemark.reconciler.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One run of a job. Immutable.
 *
 * @param planned when it should have begun
 * @param ended null while it runs
 * @param byHand whether a person asked for it
 * @param missed how many runs were missed before it, which it catches up
 * @param instance which reconciler did it
 * @param result what became of it, as a JSON object; null for nothing
 * @param problem why it failed; null when it did not
 */
public record JobRun(
        String job,
        Instant planned,
        Instant began,
        @Nullable Instant ended,
        State state,
        boolean byHand,
        int missed,
        String instance,
        @Nullable String result,
        @Nullable String problem) {

    /** How a run stands. */
    public enum State {
        RUNNING,
        DONE,
        FAILED,
        /** Its reconciler ended; it is done again. */
        INTERRUPTED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How long it took; null while it runs. */
    public @Nullable Duration duration() {
        return ended == null ? null : Duration.between(began, ended);
    }
}
