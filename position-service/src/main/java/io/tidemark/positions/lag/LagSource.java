package io.tidemark.positions.lag;

/** Where offsets come from. Used by one thread. */
public interface LagSource {

    /**
     * What Kafka says now.
     *
     * @throws LagUnavailableException when it does not say in time
     */
    Offsets look() throws InterruptedException;

    /** Kafka did not say how far its groups are. */
    final class LagUnavailableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public LagUnavailableException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
