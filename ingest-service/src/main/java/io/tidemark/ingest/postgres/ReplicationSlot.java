package io.tidemark.ingest.postgres;

import io.tidemark.ingest.epoch.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The replication slot. As thread-safe as the connection. */
final class ReplicationSlot {
    private final Connection connection;
    private final String name;

    ReplicationSlot(Connection connection, String name) {
        this.connection = connection;
        this.name = name;
    }

    /**
     * A slot as it was found.
     *
     * @param usable whether it is a logical slot of pgoutput in this database
     * @param confirmedLsn up to which PostgreSQL was told it may forget; 0 when it was told nothing
     * @param activePid the process that reads from it; 0 for none
     * @param lost why it can no longer be read from; null when it can
     * @param heldBytes how much WAL it holds back
     */
    record Found(
            boolean usable,
            long confirmedLsn,
            int activePid,
            @Nullable String lost,
            long heldBytes) {}

    /** What there is of it now. */
    Optional<Found> find() throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("""
                select slot_type = 'logical' and plugin = 'pgoutput' and database = current_database() as usable,
                       coalesce(confirmed_flush_lsn, '0/0')::text as confirmed,
                       coalesce(active_pid, 0) as active_pid, coalesce(wal_status, '') as wal_status,
                       coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint as held
                from pg_replication_slots where slot_name = ?""")) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                String walStatus = row.getString("wal_status");
                return Optional.of(new Found(
                        row.getBoolean("usable"),
                        Lsn.parse(row.getString("confirmed")),
                        row.getInt("active_pid"),
                        walStatus.equals("lost") ? "wal_status is lost" : null,
                        row.getLong("held")));
            }
        }
    }

    /** Drops it; nothing happens when there is none. */
    void drop() throws SQLException {
        try (PreparedStatement drop = connection.prepareStatement(
                "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ?")) {
            drop.setString(1, name);
            drop.execute();
        }
    }
}
