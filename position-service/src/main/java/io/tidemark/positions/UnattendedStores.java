package io.tidemark.positions;

import io.tidemark.positions.kafka.KafkaLayer;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.StoreSyncs;
import io.tidemark.positions.position.SyncState;
import java.util.List;

/** The stores when no feed is configured: those that have a checkpoint, none of them synced here. Thread-safe. */
final class UnattendedStores implements StoreSyncs {
    private final KafkaLayer checkpoints;

    UnattendedStores(KafkaLayer checkpoints) {
        this.checkpoints = checkpoints;
    }

    @Override
    public List<StoreId> stores() {
        return checkpoints.known().keySet().stream().sorted().toList();
    }

    @Override
    public SyncState state(StoreId store) {
        return SyncState.unknown();
    }

    @Override
    public void syncNow(StoreId store) {
        throw notHere();
    }

    @Override
    public void pause(StoreId store) {
        throw notHere();
    }

    @Override
    public void resume(StoreId store) {
        throw notHere();
    }

    private static IllegalStateException notHere() {
        return new IllegalStateException("no order feed is configured, so nothing is synced here");
    }
}
