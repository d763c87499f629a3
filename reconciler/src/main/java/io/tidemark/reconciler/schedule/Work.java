package io.tidemark.reconciler.schedule;

import io.tidemark.core.pipeline.ScheduledJob;

/** Does what jobs are for. Thread-safe. */
@FunctionalInterface
public interface Work {

    /**
     * Does it, and returns when it is done.
     *
     * @return what became of it, as a JSON object
     * @throws WorkFailedException when it could not be done, with what is to be said
     */
    String run(ScheduledJob job) throws WorkFailedException, InterruptedException;

    /** A job that could not be done. */
    final class WorkFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        public WorkFailedException(String message) {
            super(message);
        }

        public WorkFailedException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
