package io.tidemark.positions.position;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The syncs of all stores, as positions and their page see them. Thread-safe. */
public interface StoreSyncs {

    /** Every store that is configured. */
    List<StoreId> stores();

    /** How a store's sync stands. */
    SyncState state(StoreId store);

    /** How every store's sync stands. */
    default Map<StoreId, SyncState> states() {
        Map<StoreId, SyncState> states = new HashMap<>();
        stores().forEach(store -> states.put(store, state(store)));
        return states;
    }

    /** Asks for a sync of the store soon; returns at once. */
    void syncNow(StoreId store);

    /** Holds the store's syncs until {@link #resume(StoreId)}. */
    void pause(StoreId store);

    /** Lets the store be synced again. */
    void resume(StoreId store);
}
