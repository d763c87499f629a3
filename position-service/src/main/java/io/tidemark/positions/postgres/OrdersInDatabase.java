package io.tidemark.positions.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Database;
import io.tidemark.positions.position.Layer;
import io.tidemark.positions.position.LayerUnavailableException;
import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.StoredOrders;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orders' table, read by the index of its primary key (store, id). The ends of all stores cost a few index pages
 * each; counting reads the index once and is given up after a while, as the last id is nearly as good. Thread-safe.
 */
public final class OrdersInDatabase implements StoredOrders, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OrdersInDatabase.class);
    private static final String COUNT_WITHIN = "1800ms";
    /** PostgreSQL's code for a statement that ran into its time limit. */
    private static final String QUERY_CANCELED = "57014";
    /** PostgreSQL's code for a table that is not there. */
    private static final String UNDEFINED_TABLE = "42P01";

    private static final int CONNECTIONS = 3;

    private final HikariDataSource database;
    private final ProgressTable progress;
    private final int perPage;
    private final String table;
    private final String store;
    private final String id;

    /**
     * @param database closed by {@link #close()}
     * @param table the orders' table
     * @param storeColumn the first column of its primary key
     * @param idColumn the second
     * @param perPage orders on a page of the API
     * @param progressTable the table that holds each store's progress, written with the orders
     */
    OrdersInDatabase(
            HikariDataSource database,
            TableId table,
            String storeColumn,
            String idColumn,
            int perPage,
            TableId progressTable) {
        this.database = database;
        this.table = table.quoted();
        this.store = TableId.quote(storeColumn);
        this.id = TableId.quote(idColumn);
        this.perPage = perPage;
        this.progress = new ProgressTable(progressTable);
    }

    /** The same with a small pool of its own, which connects when first asked. */
    public static OrdersInDatabase pooled(
            Database database, TableId table, String storeColumn, String idColumn, int perPage, TableId progressTable) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("positions");
        config.setJdbcUrl(database.jdbcUrl());
        config.setUsername(database.user());
        if (database.password() != null) {
            config.setPassword(database.password().reveal());
        }
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(3_000);
        config.setInitializationFailTimeout(-1);
        return new OrdersInDatabase(new HikariDataSource(config), table, storeColumn, idColumn, perPage, progressTable);
    }

    @Override
    public void close() {
        database.close();
    }

    @Override
    public Map<StoreId, Position> progress(Collection<StoreId> stores) {
        return asking(connection -> progress.read(connection, stores), Map.of());
    }

    @Override
    public Map<StoreId, Tail> tails(Collection<StoreId> stores) {
        return asking(
                connection -> {
                    Map<StoreId, long[]> ends = ends(connection, stores);
                    Map<String, Long> counts = ends.isEmpty() ? Map.of() : counts(connection, ends.keySet());
                    Map<StoreId, Tail> tails = new HashMap<>();
                    ends.forEach((name, end) ->
                            tails.put(name, new Tail(counts.getOrDefault(name.name(), end[1]), end[0], end[1])));
                    return tails;
                },
                Map.of());
    }

    @Override
    public long countAfter(StoreId name, long orderId) {
        String sql = "select count(*) from " + table + " where " + store + " = ? and " + id + " > ?";
        return asking(connection -> number(connection, sql, name, orderId), 0L);
    }

    @Override
    public long idOfOrder(StoreId name, long number) {
        if (number < 1) {
            return 0;
        }
        String sql =
                "select " + id + " from " + table + " where " + store + " = ? order by " + id + " offset ? limit 1";
        return asking(connection -> number(connection, sql, name, number - 1), 0L);
    }

    /** First and last of the last page's worth of orders, by store. */
    private Map<StoreId, long[]> ends(Connection connection, Collection<StoreId> stores) throws SQLException {
        String sql = "select s.name, min(t.id), max(t.id) from unnest(?) as s(name) cross join lateral (select " + id
                + " as id from " + table + " where " + store + " = s.name order by " + id
                + " desc limit ?) t group by s.name";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(1, names(connection, stores));
            select.setInt(2, perPage);
            Map<StoreId, long[]> ends = new HashMap<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    if (rows.getLong(2) > 0) {
                        ends.put(new StoreId(rows.getString(1)), new long[] {rows.getLong(2), rows.getLong(3)});
                    }
                }
            }
            return ends;
        }
    }

    /** The number of orders by store; empty when counting takes too long. */
    private Map<String, Long> counts(Connection connection, Collection<StoreId> stores) throws SQLException {
        boolean own = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try (Statement limit = connection.createStatement()) {
            limit.execute("set local statement_timeout = '" + COUNT_WITHIN + "'");
            return counted(connection, stores);
        } catch (SQLException failed) {
            if (!QUERY_CANCELED.equals(failed.getSQLState())) {
                throw failed;
            }
            LOG.info("the orders could not be counted within {}: each store's last id is taken instead", COUNT_WITHIN);
            return Map.of();
        } finally {
            connection.rollback();
            connection.setAutoCommit(own);
        }
    }

    private Map<String, Long> counted(Connection connection, Collection<StoreId> stores) throws SQLException {
        String sql = "select " + store + ", count(*) from " + table + " where " + store + " = any(?) group by 1";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(1, names(connection, stores));
            Map<String, Long> counts = new HashMap<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    counts.put(rows.getString(1), rows.getLong(2));
                }
            }
            return counts;
        }
    }

    private static long number(Connection connection, String sql, StoreId name, long argument) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, name.name());
            select.setLong(2, argument);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    static Array names(Connection connection, Collection<StoreId> stores) throws SQLException {
        List<String> names = stores.stream().map(StoreId::name).toList();
        return connection.createArrayOf("text", names.toArray());
    }

    private interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    /** @param withoutTable the answer while no sync has ever made the table, so that there is no order */
    private <T> T asking(Question<T> question, T withoutTable) {
        try (Connection connection = database.getConnection()) {
            return question.ask(connection);
        } catch (SQLException failed) {
            if (UNDEFINED_TABLE.equals(failed.getSQLState())) {
                return withoutTable;
            }
            throw new LayerUnavailableException(
                    Layer.DATABASE,
                    "the orders in the database (" + table + ") could not be read (SQL state " + failed.getSQLState()
                            + "); check that PostgreSQL is up and the table there",
                    failed);
        }
    }
}
