package io.tidemark.reconciler.postgres;

import io.tidemark.core.change.TableId;
import io.tidemark.core.postgres.SourceDatabase;
import io.tidemark.reconciler.canary.Canary;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The row 1 of a table with the columns {@code id} and {@code beat}, over a connection that is kept. For one thread. */
public final class CanaryRow implements Canary.Row {
    private static final Logger LOG = LoggerFactory.getLogger(CanaryRow.class);
    private static final int NETWORK_TIMEOUT_MILLIS = 10_000;

    private final SourceDatabase database;
    private final String sql;
    private @Nullable Connection connection;

    public CanaryRow(SourceDatabase database, TableId table) {
        this.database = database;
        this.sql = "insert into " + table.quoted()
                + " (id, beat) values (1, ?) on conflict (id) do update set beat = excluded.beat";
    }

    @Override
    public void send(long beat) throws SQLException {
        Connection open = connection;
        try {
            if (open == null) {
                open = database.connect();
                open.setNetworkTimeout(Runnable::run, NETWORK_TIMEOUT_MILLIS);
                open.setReadOnly(false);
                connection = open;
            }
            try (PreparedStatement statement = open.prepareStatement(sql)) {
                statement.setLong(1, beat);
                statement.executeUpdate();
            }
        } catch (SQLException failed) {
            close();
            throw failed;
        }
    }

    @Override
    public void close() {
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
