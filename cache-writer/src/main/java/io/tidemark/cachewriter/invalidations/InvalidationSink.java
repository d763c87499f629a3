package io.tidemark.cachewriter.invalidations;

import java.util.List;

/** Where invalidations go. Thread-safe. */
@FunctionalInterface
public interface InvalidationSink {

    /**
     * Puts them there in their order; returns when they are safe.
     *
     * @throws SinkException when they are not; some may be there all the same
     */
    void put(List<Invalidation> invalidations);

    /** They could not be put there; the message says why. */
    final class SinkException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public SinkException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
