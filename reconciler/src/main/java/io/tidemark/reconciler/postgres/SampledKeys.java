package io.tidemark.reconciler.postgres;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.TableId;
import io.tidemark.core.postgres.TableShape;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Primary keys of a table at random, read from a few of its blocks, so that a table of any size costs the same. */
final class SampledKeys {
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .readerFor(ObjectNode.class);
    /** A table of fewer blocks is read as a whole: a block of it would be too much of it. */
    private static final long FEW_BLOCKS = 30;

    private static final double BLOCKS_WANTED = 3;

    private SampledKeys() {}

    static List<ObjectNode> of(Connection connection, TableShape shape, int count) throws SQLException {
        String table = shape.table().quoted();
        long blocks = blocks(connection, table);
        boolean whole = blocks < FEW_BLOCKS;
        String members = shape.primaryKey().stream().map(TableId::quote).collect(Collectors.joining(", "));
        // The table's name is quoted; the share is a number that was made here.
        String sql = "select to_jsonb(k)::text from (select " + members + " from " + table
                + (whole ? "" : " tablesample system (" + Math.min(100, 100 * BLOCKS_WANTED / blocks) + ")")
                + (whole ? " order by random()" : "") + " limit ?) k";
        List<ObjectNode> keys = new ArrayList<>(count);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, count);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    keys.add(parsed(result.getString(1)));
                }
            }
        }
        return keys;
    }

    private static long blocks(Connection connection, String table) throws SQLException {
        String sql = "select coalesce(sum(pg_relation_size(relid)), pg_relation_size(?::regclass))"
                + " / current_setting('block_size')::bigint from pg_partition_tree(?::regclass) where isleaf";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table);
            statement.setString(2, table);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? result.getLong(1) : 0;
            }
        }
    }

    private static ObjectNode parsed(String json) {
        try {
            return JSON.readValue(json);
        } catch (IOException e) {
            throw new IllegalStateException("BUG: to_jsonb gives an object", e);
        }
    }
}
