package io.tidemark.positions.sync.postgres;

import io.tidemark.positions.feed.Order;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.sync.Progress;
import io.tidemark.positions.sync.Saved;
import io.tidemark.positions.sync.StoreSession;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/**
 * The right to sync one store, and the only way to write what was read: an advisory lock and the writes share one
 * database session, so that whoever has lost the lock cannot write any more. Used by one thread.
 */
public final class PostgresStoreSession implements StoreSession {
    /** The first half of the lock's key, which tells these locks from others in the database. */
    public static final int LOCKS = 29_796;

    // A process that is frozen or cut off loses its session, and with it the lock and the right to write.
    private static final String GUARDS = "set idle_session_timeout = '300s'; set tcp_keepalives_idle = 30;"
            + " set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3; set lock_timeout = '30s';"
            + " set idle_in_transaction_session_timeout = '60s'";
    private static final int SESSION_TIMEOUT_SINCE = 14;

    private final StoreId store;
    private final Connection connection;

    private PostgresStoreSession(StoreId store, Connection connection) {
        this.store = store;
        this.connection = connection;
    }

    /**
     * Opens a session unless another instance, or thread, has one for this store.
     *
     * @param connection a session of its own, straight to the server; closed by {@link #close()}, or here when another
     *     has the store
     */
    public static Optional<StoreSession> open(StoreId store, Connection connection) throws SQLException {
        try {
            connection.setAutoCommit(true);
            if (connection.getMetaData().getDatabaseMajorVersion() >= SESSION_TIMEOUT_SINCE) {
                try (Statement guards = connection.createStatement()) {
                    guards.execute(GUARDS);
                }
            }
            if (locked(store, connection)) {
                connection.setAutoCommit(false);
                return Optional.of(new PostgresStoreSession(store, connection));
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        connection.close();
        return Optional.empty();
    }

    private static boolean locked(StoreId store, Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement("select pg_try_advisory_lock(?, hashtext(?))")) {
            lock.setInt(1, LOCKS);
            lock.setString(2, store.name());
            try (ResultSet row = lock.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    @Override
    public Optional<Progress> progress() throws SQLException {
        Optional<Progress> progress = ProgressRow.read(connection, store);
        connection.commit();
        return progress;
    }

    @Override
    public Saved save(List<Order> orders, Progress progress) throws SQLException {
        try {
            Saved saved = OrderRows.write(connection, store, orders);
            ProgressRow.write(connection, progress);
            connection.commit();
            return saved;
        } catch (SQLException | RuntimeException e) {
            rollBack(e);
            throw e;
        }
    }

    @Override
    public Saved saveAgain(List<Order> orders) throws SQLException {
        try {
            Saved saved = OrderRows.write(connection, store, orders);
            connection.commit();
            return saved;
        } catch (SQLException | RuntimeException e) {
            rollBack(e);
            throw e;
        }
    }

    @Override
    public long nextSweepPage(long below) throws SQLException {
        long page = ProgressRow.nextSweepPage(connection, store, below);
        connection.commit();
        return page;
    }

    @Override
    public boolean lacksEveryOrder() throws SQLException {
        return isTrue("select not exists (select from tidemark.feed_orders where store = ?)");
    }

    @Override
    public boolean isPaused() throws SQLException {
        return isTrue("select paused from tidemark.feed_store where store = ?");
    }

    private boolean isTrue(String question) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(question)) {
            select.setString(1, store.name());
            try (ResultSet row = select.executeQuery()) {
                boolean answer = row.next() && row.getBoolean(1);
                connection.commit();
                return answer;
            }
        }
    }

    private void rollBack(Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The session is gone and the transaction with it.
            cause.addSuppressed(e);
        }
    }

    /** Gives the lock back by ending the session. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
