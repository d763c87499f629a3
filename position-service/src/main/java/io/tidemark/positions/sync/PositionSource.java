package io.tidemark.positions.sync;

import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.StoreId;
import java.util.Optional;

/** What the positions' layers know of a store before it is synced. Thread-safe. */
@FunctionalInterface
public interface PositionSource {

    /**
     * Where the store stands, recovered first where it was lost; empty when nobody knows it. A sync survives whatever
     * this throws, and says so.
     */
    Optional<Position> beforeSync(StoreId store);
}
