package io.tidemark.positions.sync;

import io.tidemark.positions.feed.Order;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The right to sync one store, held until it is closed, and the only way to write what was read: whoever has lost the
 * right cannot write any more. Used by one thread.
 */
public interface StoreSession extends AutoCloseable {

    /** The store's progress, if it has any. */
    Optional<Progress> progress() throws SQLException;

    /**
     * Writes orders and progress in one transaction: both, or nothing.
     *
     * @throws SQLException when nothing was written, or the store is farther along already
     */
    Saved save(List<Order> orders, Progress progress) throws SQLException;

    /** Writes orders that were read again, from behind the progress. */
    Saved saveAgain(List<Order> orders) throws SQLException;

    /** The next older page to look through for late edits: downwards from below that page, and round again. */
    long nextSweepPage(long below) throws SQLException;

    /** Whether the database holds no order of the store at all. */
    boolean lacksEveryOrder() throws SQLException;

    /** Whether a person wants this store left alone. */
    boolean isPaused() throws SQLException;

    /** Gives the right back. */
    @Override
    void close() throws SQLException;
}
