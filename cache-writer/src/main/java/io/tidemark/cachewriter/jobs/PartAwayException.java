package io.tidemark.cachewriter.jobs;

/** A part that a job needs cannot be reached; what was done until then is done. The message says which part and what to do. */
public final class PartAwayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PartAwayException(String message, Throwable cause) {
        super(message, cause);
    }
}
