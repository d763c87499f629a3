package io.tidemark.ingest.stream;

/**
 * A change could not be published, so the stream stops here and begins again from what is known to be published.
 *
 * <p>It is deliberately not one of Connect's RetriableExceptions: Debezium's engine would go on with the next batch.
 */
public final class PublishException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PublishException(String message, Throwable cause) {
        super(message, cause);
    }
}
