package io.tidemark.positions.sync;

import io.tidemark.positions.position.Position;

/** Where a sync tells how far it came, after its transaction is committed. Thread-safe. */
@FunctionalInterface
public interface CheckpointSink {

    /**
     * Keeps the position; the same one may come again. A sync survives whatever this throws, and says so: the place is in
     * the database already, and the next page tells a farther one.
     */
    void checkpoint(Position position);
}
