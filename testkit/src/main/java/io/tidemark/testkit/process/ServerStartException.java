package io.tidemark.testkit.process;

import org.jspecify.annotations.Nullable;

/** A server did not start; the message says why, with the last lines of its log. */
public final class ServerStartException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ServerStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
