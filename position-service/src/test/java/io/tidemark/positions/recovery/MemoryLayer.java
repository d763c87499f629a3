package io.tidemark.positions.recovery;

import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.Layer;
import io.tidemark.positions.position.LayerUnavailableException;
import io.tidemark.positions.position.Monotonic;
import io.tidemark.positions.position.PositionLayer;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.Verdict;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A layer in memory, held to the same contract as the real ones, that can be emptied and switched off. */
final class MemoryLayer implements PositionLayer {
    private final Layer layer;
    private final Map<StoreId, Checkpoint> held;
    private boolean away;

    MemoryLayer(Layer layer) {
        this(layer, new HashMap<>());
    }

    MemoryLayer(Layer layer, Map<StoreId, Checkpoint> held) {
        this.layer = layer;
        this.held = held;
    }

    @Override
    public Layer layer() {
        return layer;
    }

    @Override
    public Map<StoreId, Checkpoint> read(Collection<StoreId> stores) {
        synchronized (held) {
            requireThere();
            Map<StoreId, Checkpoint> found = new HashMap<>(held);
            found.keySet().retainAll(stores);
            if (layer != Layer.REDIS) {
                found.replaceAll((store, one) -> new Checkpoint(one.position().from(layer), one.reflects()));
            }
            return found;
        }
    }

    @Override
    public Map<StoreId, Verdict> write(Collection<Checkpoint> checkpoints) {
        synchronized (held) {
            requireThere();
            Map<StoreId, Verdict> verdicts = new HashMap<>();
            for (Checkpoint wanted : checkpoints) {
                StoreId store = wanted.position().store();
                Verdict verdict = Monotonic.judge(
                        Optional.ofNullable(held.get(store)).map(Checkpoint::position), wanted.position());
                if (verdict != Verdict.LOWER) {
                    held.put(store, wanted);
                }
                verdicts.put(store, verdict);
            }
            return verdicts;
        }
    }

    Map<StoreId, Checkpoint> held() {
        synchronized (held) {
            return Map.copyOf(held);
        }
    }

    void lose() {
        synchronized (held) {
            held.clear();
        }
    }

    /** Puts something there past the guard, as a person at the console of a server could. */
    void plant(Checkpoint checkpoint) {
        synchronized (held) {
            held.put(checkpoint.position().store(), checkpoint);
        }
    }

    void away(boolean isAway) {
        away = isAway;
    }

    private void requireThere() {
        if (away) {
            throw new LayerUnavailableException(layer, layer.label() + " is away");
        }
    }
}
