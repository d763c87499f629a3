package io.tidemark.ingest.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Lets one ingest-service of many read a slot: an advisory lock that lasts as long as its connection. Frozen, a process
 * keeps it; dead or cut off, PostgreSQL gives it to the next within half a minute. As thread-safe as the connection.
 */
final class LeaderLock {
    private final Connection connection;
    private final String slot;

    LeaderLock(Connection connection, String slot) {
        this.connection = connection;
        this.slot = slot;
    }

    /** Takes the lock if it is free; answers whether this connection has it now. Taken once a connection. */
    boolean tryTake() throws SQLException {
        try (PreparedStatement take =
                connection.prepareStatement("select pg_try_advisory_lock(hashtextextended(?, 0))")) {
            take.setString(1, "tidemark ingest-service " + slot);
            try (ResultSet row = take.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
