package io.tidemark.positions.sync;

import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.SyncState.Phase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is being done about each store and what people want of it, the same for every instance. Thread-safe. */
public interface StoreBoard {

    /**
     * What the board says of a store.
     *
     * @param detail what went wrong last; empty when all is well
     */
    record Entry(Phase phase, String detail, boolean paused, Optional<Instant> syncedAt) {}

    /** Puts stores on the board that are not there; they are due at once. */
    void register(Collection<StoreId> stores) throws SQLException;

    /** Stores that are due, not paused, and in nobody's hands; the one that waited longest first. */
    List<StoreId> due(Collection<StoreId> stores) throws SQLException;

    /** Holds the store, or lets it go. */
    void pause(StoreId store, boolean paused) throws SQLException;

    /** Makes the store due. */
    void dueNow(StoreId store) throws SQLException;

    /** A sync has begun. */
    void began(StoreId store, String instance) throws SQLException;

    /** A sync has ended well. */
    void wentWell(StoreId store, Duration next) throws SQLException;

    /** A sync has ended otherwise. */
    void wentWrong(StoreId store, Phase phase, String detail, Duration next) throws SQLException;

    /** What the board says of these stores; nothing of one that is not on it. */
    Map<StoreId, Entry> entries(Collection<StoreId> stores) throws SQLException;
}
