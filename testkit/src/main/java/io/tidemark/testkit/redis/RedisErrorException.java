package io.tidemark.testkit.redis;

/** Redis answered a command with an error, whose text is the message. */
public final class RedisErrorException extends RuntimeException {

    private static final long serialVersionUID = 1;

    RedisErrorException(String message) {
        super(message);
    }
}
