package io.tidemark.systemtests.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.systemtests.product.DirectProduct;
import io.tidemark.testkit.redis.RedisConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A table of items with the caches of it, and a judge who compares them by SQL and Redis' own commands alone. */
final class Items {
    static final int ROWS = 3000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DirectProduct product;

    Items(DirectProduct product) {
        this.product = product;
    }

    static Path pipeline(Path folder) throws Exception {
        return Files.writeString(folder.resolve("items.yaml"), """
                tidemark: 1
                caches:
                  item: {table: item, key: "item:{id}"}
                  tidemark-canary: {table: beats, key: "tidemark-canary:{id}"}
                  brief: {table: item, key: "brief:{id}", fields: [id, name], ttl: 1h}
                  named: {key: "named:{name}", query: "select name, count(*) as items from item group by name", depends: {item: "{name}"}}
                """);
    }

    void create() throws SQLException {
        execute("create table item (id bigint primary key, name text, stock int)");
        execute("create table beats (id bigint primary key, beat bigint)");
        execute("insert into item select i, 'item-' || i % 100, i from generate_series(1, " + ROWS + ") i");
        execute("analyze item");
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = product.database();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The keys of cache item that are not what the table says, by a comparison of the judge's own. */
    List<String> wrong() throws Exception {
        List<String> wrong = new ArrayList<>();
        Set<String> known = new TreeSet<>();
        try (Connection connection = product.database();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select id, to_jsonb(item)::text from item");
                RedisConnection redis = product.redis()) {
            while (rows.next()) {
                String key = "item:" + rows.getLong(1);
                known.add(key);
                String value = "string".equals(redis.call("TYPE", key)) ? redis.get(key) : null;
                if (value == null || !JSON.readTree(value).equals(JSON.readTree(rows.getString(2)))) {
                    wrong.add(key);
                }
            }
            for (Object key : (List<?>) redis.call("KEYS", "item:*")) {
                if (!known.contains(key.toString())) {
                    wrong.add(key.toString());
                }
            }
        }
        return wrong;
    }

    static JsonNode json(String text) throws Exception {
        return JSON.readTree(text);
    }
}
