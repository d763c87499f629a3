package io.tidemark.positions.recovery;

import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.LayerUnavailableException;
import io.tidemark.positions.position.PositionLayer;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to one layer and remembers, store by store, what could not be written, so that a layer that was away gets the
 * newest of each when it is back and a sync never waits for it for long. Thread-safe.
 */
final class LayerKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(LayerKeeper.class);
    private static final Duration LEAVE_ALONE = Duration.ofSeconds(3);

    private final PositionLayer layer;
    private final Clock clock;
    private final Map<StoreId, Checkpoint> pending = new HashMap<>();
    private Instant notBefore = Instant.MIN;
    private @Nullable String problem;

    LayerKeeper(PositionLayer layer, Clock clock) {
        this.layer = layer;
        this.clock = clock;
    }

    PositionLayer layer() {
        return layer;
    }

    /** Writes now, or as soon as the layer can be written again. Answers the verdicts it got. */
    Map<StoreId, Verdict> write(Collection<Checkpoint> checkpoints) {
        if (isLeftAlone()) {
            later(checkpoints);
            return Map.of();
        }
        try {
            Map<StoreId, Verdict> verdicts = layer.write(checkpoints);
            succeeded();
            return verdicts;
        } catch (LayerUnavailableException unavailable) {
            failed(unavailable);
            later(checkpoints);
            return Map.of();
        }
    }

    /** Writes with the next {@link #flush()}. */
    synchronized void later(Collection<Checkpoint> checkpoints) {
        for (Checkpoint checkpoint : checkpoints) {
            pending.merge(
                    checkpoint.position().store(),
                    checkpoint,
                    (held, wanted) -> held.position().isAheadOf(wanted.position()) ? held : wanted);
        }
    }

    /** Writes what waits. */
    void flush() {
        List<Checkpoint> taken = take();
        if (!taken.isEmpty()) {
            write(taken);
        }
    }

    /** How many stores wait to be written. */
    synchronized int waiting() {
        return pending.size();
    }

    /** What is wrong with the layer; empty when nothing is. */
    synchronized Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    synchronized void failed(LayerUnavailableException unavailable) {
        if (problem == null) {
            LOG.warn("{}", unavailable.reason());
        }
        problem = unavailable.reason();
        notBefore = clock.instant().plus(LEAVE_ALONE);
    }

    synchronized void succeeded() {
        if (problem != null) {
            LOG.info("positions: the {} can be used again", layer.layer().label());
        }
        problem = null;
    }

    private synchronized boolean isLeftAlone() {
        return clock.instant().isBefore(notBefore);
    }

    private synchronized List<Checkpoint> take() {
        if (clock.instant().isBefore(notBefore)) {
            return List.of();
        }
        List<Checkpoint> taken = new ArrayList<>(pending.values());
        pending.clear();
        return taken;
    }
}
