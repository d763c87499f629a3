package io.tidemark.positions.recovery;

import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.Layer;
import io.tidemark.positions.position.PositionLayer;
import io.tidemark.positions.position.PositionLayerContract;
import io.tidemark.positions.position.StoreId;
import java.util.HashMap;
import java.util.Map;

class MemoryLayerTest extends PositionLayerContract {
    private final Map<StoreId, Checkpoint> held = new HashMap<>();

    @Override
    protected PositionLayer open() {
        return new MemoryLayer(Layer.REDIS, held);
    }
}
