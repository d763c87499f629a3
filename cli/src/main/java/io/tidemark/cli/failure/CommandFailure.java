package io.tidemark.cli.failure;

/** The command cannot go on: a message for the person at the keyboard, and the exit code to end with. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    /** @param message what was expected, what was found and what to do; may have several lines */
    public CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The same with the cause, which is shown only on request. */
    public CommandFailure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
