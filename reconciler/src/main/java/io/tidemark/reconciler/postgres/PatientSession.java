package io.tidemark.reconciler.postgres;

import io.tidemark.core.postgres.SourceDatabase;
import io.tidemark.core.postgres.SqlFailures;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to PostgreSQL that is opened anew when it is lost. What is asked over it only reads, so a question that the
 * loss cut off is asked again. Not thread-safe.
 */
final class PatientSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PatientSession.class);
    /** A server that does not answer for so long is taken for gone. */
    private static final int NETWORK_TIMEOUT_MILLIS = 120_000;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long PAUSE_MILLIS = 200;

    private final SourceDatabase database;
    private @Nullable Connection connection;

    /** Something asked. */
    @FunctionalInterface
    interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    /** Connects when it is first asked. */
    PatientSession(SourceDatabase database) {
        this.database = database;
    }

    /**
     * Asks, and asks again where PostgreSQL was lost, for half a minute.
     *
     * @throws SQLException when it stays away, or refuses
     */
    <T> T ask(Question<T> question) throws SQLException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        boolean said = false;
        while (true) {
            try {
                return question.ask(open());
            } catch (SQLException failure) {
                if (!isOfALoss(failure)) {
                    throw failure;
                }
                close();
                if (System.nanoTime() > end) {
                    throw new SQLException(
                            "PostgreSQL has not answered for " + PATIENCE.toSeconds() + " s ("
                                    + SqlFailures.text(failure) + "): check that it runs and that source.url names it",
                            failure.getSQLState(),
                            failure);
                }
                if (!said) {
                    said = true;
                    LOG.warn("PostgreSQL is lost, and asked again: {}", SqlFailures.text(failure));
                }
                pause(failure);
            }
        }
    }

    private Connection open() throws SQLException {
        Connection open = connection;
        if (open == null) {
            open = database.connect();
            connection = open;
            open.setNetworkTimeout(Runnable::run, NETWORK_TIMEOUT_MILLIS);
        }
        return open;
    }

    /** A connection that broke or cannot be made, a server that goes down or comes up, or has no session to give. */
    private static boolean isOfALoss(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P") || state.startsWith("53300"));
    }

    private static void pause(SQLException failure) throws SQLException {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw failure;
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
