package io.tidemark.reconciler.verify;

/** Knows up to which LSN Redis is right. */
public interface Applied {

    /**
     * Waits until every change committed at or before an LSN is in Redis.
     *
     * @throws NotAppliedException when that does not come about; its message says what is known
     */
    void await(long lsn) throws InterruptedException, NotAppliedException;

    /**
     * How often at most a key is looked at again that is written between the two reads of each look; it is left as in flight
     * then. Fewer where each wait may last seconds.
     */
    default int mostLooks() {
        return 8;
    }

    /** The changes up to an LSN did not reach Redis while they were waited for. */
    final class NotAppliedException extends Exception {
        private static final long serialVersionUID = 1L;

        public NotAppliedException(String message) {
            super(message);
        }
    }
}
