package io.tidemark.positions;

import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.recovery.PositionAnswer;
import io.tidemark.positions.recovery.SyncPositions;
import io.tidemark.positions.sync.PositionSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the layers know of a store, recovered before each of its syncs, saying which layers could not be asked. Thread-safe. */
final class RecoveredPositions implements PositionSource {
    private static final Logger LOG = LoggerFactory.getLogger(RecoveredPositions.class);

    private final SyncPositions positions;

    RecoveredPositions(SyncPositions positions) {
        this.positions = positions;
    }

    @Override
    public Optional<Position> beforeSync(StoreId store) {
        PositionAnswer answer = positions.getSyncPosition(store);
        if (!answer.warnings().isEmpty()) {
            LOG.warn(
                    "store {}: not every layer could be asked before its sync, which goes on from page {} as the {} tells:"
                            + " {}",
                    store,
                    answer.position().page(),
                    answer.answeredBy().label(),
                    String.join("; ", answer.warnings()));
        }
        return Optional.of(answer.position());
    }
}
