package io.tidemark.ingest.stream;

/** Where changes go. One thread publishes. */
public interface ChangeSink {

    /** Largest value in bytes that {@link #publish} takes, key and headers not counted. */
    int mostBytes();

    /**
     * Hands over one change; it is sent when this returns or later.
     *
     * @throws PublishException when it cannot be taken, or one before it was refused
     */
    void publish(OutgoingChange change);

    /**
     * Waits until everything handed over is acknowledged.
     *
     * @throws PublishException when a record was refused: nothing after the last success counts as published
     */
    void awaitAcknowledged();
}
