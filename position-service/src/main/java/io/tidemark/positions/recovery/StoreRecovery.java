package io.tidemark.positions.recovery;

import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.StoreId;
import java.util.Optional;

/**
 * What a recovery did to one store. Immutable.
 *
 * @param store the store
 * @param outcome what came of it
 * @param before what Redis held
 * @param after what it holds now; its layer says where that came from
 * @param detail the outcome in words
 */
public record StoreRecovery(
        StoreId store, Outcome outcome, Optional<Position> before, Optional<Position> after, String detail) {

    /** What came of a store. */
    public enum Outcome {
        /** Redis holds a farther position than before. */
        RESTORED,
        /** Redis held the farthest position already. */
        UNCHANGED,
        /** No layer knows the store: it starts at page 1. */
        NEW,
        /** No layer that could be asked knows it, and not all could be asked: left alone. */
        FAILED
    }
}
