package io.tidemark.positions.recovery;

import io.tidemark.positions.position.Health;
import io.tidemark.positions.position.Layer;
import io.tidemark.positions.position.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one recovery did. Immutable.
 *
 * @param at when it began
 * @param took how long it took
 * @param why what it was for
 * @param stores each store
 * @param problems layers that could not be asked or written, in words
 * @param before the health before
 * @param after the health after
 */
public record RecoveryReport(
        Instant at,
        Duration took,
        String why,
        List<StoreRecovery> stores,
        List<String> problems,
        Health before,
        Health after) {

    public RecoveryReport {
        stores = List.copyOf(stores);
        problems = List.copyOf(problems);
    }

    /** How many stores had that outcome. */
    public long count(StoreRecovery.Outcome outcome) {
        return stores.stream().filter(store -> store.outcome() == outcome).count();
    }

    /** How many stores were restored from each layer. */
    public Map<Layer, Long> restoredFrom() {
        Map<Layer, Long> counts = new EnumMap<>(Layer.class);
        for (StoreRecovery store : stores) {
            Optional<Position> after = store.after();
            if (store.outcome() == StoreRecovery.Outcome.RESTORED && after.isPresent()) {
                counts.merge(after.get().layer(), 1L, Long::sum);
            }
        }
        return counts;
    }

    /** Whether every store has a position in Redis now. */
    public boolean success() {
        return count(StoreRecovery.Outcome.FAILED) == 0 && !after.hasLoss();
    }
}
