package io.tidemark.cli.api;

/** A service gave no answer; the message names it and its address. */
public final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
