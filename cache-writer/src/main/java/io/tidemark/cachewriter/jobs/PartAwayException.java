package io.tidemark.cachewriter.jobs;

import org.jspecify.annotations.Nullable;

/** A part that a job needs cannot be reached; what was done until then is done. The message says which part and what to do. */
public class PartAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PartAwayException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
