package io.tidemark.ingest;

/** A session ended because something changed outside; the next one looks at it afresh. */
final class SessionEndedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SessionEndedException(String reason) {
        super(reason);
    }
}
