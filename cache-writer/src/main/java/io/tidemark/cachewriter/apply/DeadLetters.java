package io.tidemark.cachewriter.apply;

/** Where records go that cannot be read. Thread-safe. */
public interface DeadLetters {

    /**
     * Keeps a record with the reason; returns once it is kept.
     *
     * @param reason why it cannot be read, without values
     * @throws DeadLetterException when it could not be kept
     */
    void keep(Incoming record, String reason);

    /** A record could not be kept; it has to come again. */
    final class DeadLetterException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public DeadLetterException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
