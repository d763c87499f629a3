package io.tidemark.positions.position;

import java.util.Collection;
import java.util.Map;

/**
 * One place where positions are kept. Every layer keeps the rule of {@link Monotonic} by itself, also against writers
 * in other processes, and is safe for use by several threads.
 */
public interface PositionLayer {

    /** Which one this is. */
    Layer layer();

    /**
     * What is kept of these stores; a store that is not known is missing from the answer.
     *
     * @throws LayerUnavailableException when the layer cannot be asked, or what it keeps cannot be trusted
     */
    Map<StoreId, Checkpoint> read(Collection<StoreId> stores);

    /**
     * Keeps these, each unless one farther along is there already. Returns when they are kept, as durably as this layer
     * can.
     *
     * @throws LayerUnavailableException when it is not known whether all are kept
     */
    Map<StoreId, Verdict> write(Collection<Checkpoint> checkpoints);
}
