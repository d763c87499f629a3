package io.tidemark.positions.postgres;

import io.tidemark.core.change.TableId;
import io.tidemark.positions.position.Certainty;
import io.tidemark.positions.position.Layer;
import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.StoreId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Each store's progress as the sync wrote it in one transaction with the orders. Thread-safe. */
final class ProgressTable {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressTable.class);
    /** PostgreSQL's code for a table that is not there. */
    private static final String UNDEFINED_TABLE = "42P01";

    private final String select;

    ProgressTable(TableId table) {
        this.select = "select store, generation, revision, page, \"cursor\", first_id, last_id, reached_at from "
                + table.quoted() + " where store = any(?)";
    }

    /** What it says of these stores; nothing when no sync has ever made the table. */
    Map<StoreId, Position> read(Connection connection, Collection<StoreId> stores) throws SQLException {
        Map<StoreId, Position> found = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setArray(1, OrdersInDatabase.names(connection, stores));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    take(rows, found);
                }
            }
        } catch (SQLException failed) {
            if (!UNDEFINED_TABLE.equals(failed.getSQLState())) {
                throw failed;
            }
        }
        return found;
    }

    private static void take(ResultSet row, Map<StoreId, Position> found) throws SQLException {
        StoreId store = new StoreId(row.getString("store"));
        try {
            found.put(
                    store,
                    new Position(
                            store,
                            row.getLong("generation"),
                            row.getInt("revision"),
                            row.getLong("page"),
                            Optional.ofNullable(row.getString("cursor")),
                            row.getLong("first_id"),
                            row.getLong("last_id"),
                            Layer.DATABASE,
                            row.getTimestamp("reached_at").toInstant(),
                            Certainty.RECORDED,
                            Optional.empty()));
        } catch (IllegalArgumentException unusable) {
            LOG.warn(
                    "the progress of store {} in the database cannot be and is left out: {}",
                    store,
                    unusable.getMessage());
        }
    }
}
