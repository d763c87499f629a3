package io.tidemark.ingest.postgres;

import io.tidemark.core.capture.ConnectorSettings;
import io.tidemark.ingest.epoch.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Writes a logical message into the WAL when the WAL has moved and nothing came of it. Seen back in the stream, its
 * commit says that every commit before it has been seen too; so the published LSN and the slot move on while the
 * pipeline's own tables are idle. One thread uses it.
 */
public final class WalTicker {
    private final PreparedStatement position;
    private final PreparedStatement message;
    private long lastMessageLsn;

    WalTicker(Connection connection) throws SQLException {
        this.position = connection.prepareStatement("select pg_current_wal_insert_lsn()::text");
        this.message = connection.prepareStatement(
                "select pg_logical_emit_message(true, '" + ConnectorSettings.MESSAGE_PREFIX + "', '')::text");
    }

    /**
     * Writes a message unless everything up to the WAL's end is published, or the last message has not come back yet.
     * The message's own commit is published by Debezium's next heartbeat, so a message does not ask for another.
     *
     * @param publishedLsn how far was published
     * @param force write one in any case
     * @return where the WAL stands
     */
    public long tick(long publishedLsn, boolean force) {
        return SourceSession.asking("writing a tick into the WAL", () -> tickNow(publishedLsn, force));
    }

    private long tickNow(long publishedLsn, boolean force) throws SQLException {
        long now = ask(position);
        boolean behind = Long.compareUnsigned(publishedLsn, now) < 0;
        boolean outstanding = Long.compareUnsigned(publishedLsn, lastMessageLsn) < 0;
        if (force || (behind && !outstanding)) {
            lastMessageLsn = ask(message);
        }
        return now;
    }

    private static long ask(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return Lsn.parse(row.getString(1));
        }
    }
}
