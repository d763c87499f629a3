package io.tidemark.core.change;

/**
 * A record that is not a change this program can read. The message names the place and what was expected there, and
 * never holds a value of the row.
 */
public final class UnreadableChangeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnreadableChangeException(String message) {
        super(message);
    }

    public UnreadableChangeException(String message, Throwable cause) {
        super(message, cause);
    }
}
