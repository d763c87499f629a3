package io.tidemark.cachewriter.table;

import io.tidemark.core.postgres.Visibility;
import io.tidemark.core.postgres.WalPosition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the database, opened when it is needed and again after it broke. Not thread-safe: one thread owns it.
 *
 * <p>After a failure it fails at once for a while, longer each time, so that a database that is away does not hold up
 * whoever asks.
 */
public final class SourceSession implements AutoCloseable {
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 3_000;

    private final Connector connector;
    private final LongSupplier millis;
    private @Nullable Connection connection;
    private @Nullable SQLException lastFailure;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private long failFastUntil = Long.MIN_VALUE;

    /** Opens connections, each with its session set up. */
    @FunctionalInterface
    public interface Connector {
        Connection connect() throws SQLException;
    }

    /** Something done with a connection. */
    @FunctionalInterface
    public interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /** @param millis a clock that never goes back */
    public SourceSession(Connector connector, LongSupplier millis) {
        this.connector = connector;
        this.millis = millis;
    }

    /**
     * Does some work. Other exceptions than the database's leave the connection as it is.
     *
     * @throws SQLException when the database is away or refuses
     */
    public <T> T run(Work<T> work) throws SQLException {
        if (lastFailure != null && millis.getAsLong() < failFastUntil) {
            throw new SQLException("not asked again yet after: " + lastFailure.getMessage(), lastFailure);
        }
        try {
            Connection open = connection;
            if (open == null) {
                open = connector.connect();
                connection = open;
            }
            T result = work.with(open);
            lastFailure = null;
            pauseMillis = FIRST_PAUSE_MILLIS;
            return result;
        } catch (SQLException failure) {
            lastFailure = failure;
            failFastUntil = millis.getAsLong() + pauseMillis;
            pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
            close();
            throw failure;
        }
    }

    /** Where the WAL stands: no commit that can be seen now is after it. */
    public long walLsn() throws SQLException {
        return run(WalPosition::current);
    }

    /** What is visible now, and the database's time. */
    public Visibility.AtTime visibility() throws SQLException {
        return run(Visibility::now);
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException alreadyGone) {
                // It is given up either way.
            }
        }
    }
}
