package io.tidemark.positions.sync.postgres;

import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.SyncState.Phase;
import io.tidemark.positions.sync.StoreBoard;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * What is being done about each store and what people want of it, in {@code tidemark.feed_store}: the same for every
 * instance, by the database's clock. Thread-safe.
 */
public final class PostgresStoreBoard implements StoreBoard {
    private static final String DUE = """
            select s.store from tidemark.feed_store s
            where s.store = any (?) and not s.paused and s.next_at <= clock_timestamp()
            and not exists (select from pg_locks l
                where l.locktype = 'advisory' and l.classid = ? and l.objsubid = 2
                and l.objid = (hashtext(s.store)::bigint & 4294967295)::oid
                and l.database = (select oid from pg_database where datname = current_database()))
            order by s.next_at""";

    private final DataSource database;

    public PostgresStoreBoard(DataSource database) {
        this.database = database;
    }

    @Override
    public void register(Collection<StoreId> stores) throws SQLException {
        update(
                "insert into tidemark.feed_store (store) select unnest(?) on conflict do nothing",
                (connection, insert) -> insert.setArray(1, names(connection, stores)));
    }

    @Override
    public List<StoreId> due(Collection<StoreId> stores) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(DUE)) {
            select.setArray(1, names(connection, stores));
            select.setInt(2, PostgresStoreSession.LOCKS);
            List<StoreId> due = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    due.add(new StoreId(rows.getString(1)));
                }
            }
            return due;
        }
    }

    @Override
    public void pause(StoreId store, boolean paused) throws SQLException {
        update("update tidemark.feed_store set paused = ? where store = ?", (connection, update) -> {
            update.setBoolean(1, paused);
            update.setString(2, store.name());
        });
    }

    @Override
    public void dueNow(StoreId store) throws SQLException {
        update(
                "update tidemark.feed_store set next_at = clock_timestamp() where store = ?",
                (connection, update) -> update.setString(1, store.name()));
    }

    @Override
    public void began(StoreId store, String instance) throws SQLException {
        update(
                "update tidemark.feed_store set state = 'syncing', since = clock_timestamp(), running_by = ?"
                        + " where store = ?",
                (connection, update) -> {
                    update.setString(1, instance);
                    update.setString(2, store.name());
                });
    }

    @Override
    public void wentWell(StoreId store, Duration next) throws SQLException {
        update(
                "update tidemark.feed_store set state = 'waiting', detail = '', since = clock_timestamp(),"
                        + " synced_at = clock_timestamp(), running_by = null,"
                        + " next_at = clock_timestamp() + make_interval(secs => ?) where store = ?",
                (connection, update) -> {
                    update.setDouble(1, next.toMillis() / 1_000.0);
                    update.setString(2, store.name());
                });
    }

    @Override
    public void wentWrong(StoreId store, Phase phase, String detail, Duration next) throws SQLException {
        update(
                "update tidemark.feed_store set state = ?, detail = ?, since = clock_timestamp(), running_by = null,"
                        + " next_at = clock_timestamp() + make_interval(secs => ?) where store = ?",
                (connection, update) -> {
                    update.setString(1, phase.name().toLowerCase(Locale.ROOT));
                    update.setString(2, detail);
                    update.setDouble(3, next.toMillis() / 1_000.0);
                    update.setString(4, store.name());
                });
    }

    @Override
    public Map<StoreId, Entry> entries(Collection<StoreId> stores) throws SQLException {
        String sql = "select store, state, detail, paused, synced_at from tidemark.feed_store where store = any(?)";
        Map<StoreId, Entry> entries = new HashMap<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(1, names(connection, stores));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    boolean paused = row.getBoolean(4);
                    OffsetDateTime synced = row.getObject(5, OffsetDateTime.class);
                    entries.put(
                            new StoreId(row.getString(1)),
                            new Entry(
                                    paused ? Phase.PAUSED : phase(row.getString(2)),
                                    row.getString(3),
                                    paused,
                                    Optional.ofNullable(synced).map(OffsetDateTime::toInstant)));
                }
            }
        }
        return entries;
    }

    private static Phase phase(String state) {
        for (Phase phase : Phase.values()) {
            if (phase.name().toLowerCase(Locale.ROOT).equals(state)) {
                return phase;
            }
        }
        return Phase.WAITING;
    }

    private interface Parameters {
        void set(Connection connection, PreparedStatement statement) throws SQLException;
    }

    private void update(String sql, Parameters parameters) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            parameters.set(connection, statement);
            statement.executeUpdate();
        }
    }

    private static Array names(Connection connection, Collection<StoreId> stores) throws SQLException {
        return connection.createArrayOf(
                "text", stores.stream().map(StoreId::name).toArray());
    }
}
