package io.tidemark.reconciler.postgres;

import io.tidemark.core.postgres.SourceDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks where the WAL stands, over one connection that is kept. Thread-safe: one asks at a time. */
public final class WalPosition implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WalPosition.class);
    private static final int NETWORK_TIMEOUT_MILLIS = 5_000;

    private final SourceDatabase database;
    private @Nullable Connection connection;

    public WalPosition(SourceDatabase database) {
        this.database = database;
    }

    /** The LSN where the next record of the WAL will stand, as PostgreSQL writes it; null when it does not answer. */
    public synchronized @Nullable String ask() {
        try {
            Connection open = connection;
            if (open == null) {
                open = database.connect();
                open.setNetworkTimeout(Runnable::run, NETWORK_TIMEOUT_MILLIS);
                connection = open;
            }
            try (Statement statement = open.createStatement();
                    ResultSet result = statement.executeQuery("select pg_current_wal_insert_lsn()::text")) {
                return result.next() ? result.getString(1) : null;
            }
        } catch (SQLException failed) {
            LOG.debug("PostgreSQL did not say where its WAL stands", failed);
            close();
            return null;
        }
    }

    @Override
    public synchronized void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException gone) {
                LOG.debug("closing a connection to PostgreSQL failed; the server ends it by itself", gone);
            }
        }
    }
}
