package io.tidemark.positions.position;

import java.util.Optional;

/**
 * How one store stands. Immutable.
 *
 * @param store the store
 * @param badge the verdict
 * @param inRedis what Redis holds
 * @param farthest the farthest position any layer that could be asked knows
 * @param reason the verdict in words, and what to do
 */
public record StoreHealth(
        StoreId store, Badge badge, Optional<Position> inRedis, Optional<Position> farthest, String reason) {}
