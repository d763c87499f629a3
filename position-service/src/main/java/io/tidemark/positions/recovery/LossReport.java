package io.tidemark.positions.recovery;

import io.tidemark.positions.position.Health;
import io.tidemark.positions.position.StoreId;
import java.util.List;
import java.util.Optional;

/**
 * Whether Redis lost positions. Immutable.
 *
 * @param newIncarnation whether Redis's data began anew since it was last looked at
 * @param missing stores of which Redis holds nothing
 * @param reset stores of which Redis holds less than is known elsewhere
 * @param unreachable why Redis could not be asked
 * @param health how every store stood at that look; empty when Redis could not be asked
 */
public record LossReport(
        boolean newIncarnation,
        List<StoreId> missing,
        List<StoreId> reset,
        Optional<String> unreachable,
        Optional<Health> health) {
    public LossReport {
        missing = List.copyOf(missing);
        reset = List.copyOf(reset);
    }

    /** Whether anything has to be restored. */
    public boolean isLoss() {
        return newIncarnation || !missing.isEmpty() || !reset.isEmpty();
    }
}
