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
import java.util.Map;
import java.util.TreeMap;

/** A table of items with the caches of it, and a judge who compares them by SQL and Redis' own commands alone. */
final class Items {
    static final int ROWS = 3000;
    private static final int AT_ONCE = 500;
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
                schedules:
                  bounded: {cron: "0 3 * * *", job: reconcile, caches: [item], batch_size: 7, max_instances: 30}
                  whole: {cron: "0 4 * * *", job: reconcile, caches: [item]}
                """);
    }

    void create() throws SQLException {
        execute("create table item (id bigint primary key, name text, stock int)");
        execute("create table beats (id bigint primary key, beat bigint)");
        execute("insert into item select i, 'item-' || i % 100, i from generate_series(1, " + ROWS + ") i");
        execute("analyze item");
    }

    /** Gives every id its row again. */
    void fillUp() throws SQLException {
        execute("insert into item select i, 'item-' || i % 100, i from generate_series(1, " + ROWS
                + ") i on conflict do nothing");
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
        Map<String, String> rows = rows();
        try (RedisConnection redis = product.redis()) {
            List<String> keys = List.copyOf(rows.keySet());
            for (int from = 0; from < keys.size(); from += AT_ONCE) {
                List<String> some = keys.subList(from, Math.min(keys.size(), from + AT_ONCE));
                List<String> command = new ArrayList<>(List.of("MGET"));
                command.addAll(some);
                List<?> values = (List<?>) redis.call(command.toArray(String[]::new));
                for (int i = 0; i < some.size(); i++) {
                    Object value = values.get(i);
                    if (value == null || !json(value.toString()).equals(json(rows.get(some.get(i))))) {
                        wrong.add(some.get(i));
                    }
                }
            }
            for (Object key : (List<?>) redis.call("KEYS", "item:*")) {
                if (!rows.containsKey(key.toString())) {
                    wrong.add(key.toString());
                }
            }
        }
        return wrong;
    }

    private Map<String, String> rows() throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        try (Connection connection = product.database();
                Statement statement = connection.createStatement();
                ResultSet all = statement.executeQuery("select id, to_jsonb(item)::text from item")) {
            while (all.next()) {
                rows.put("item:" + all.getLong(1), all.getString(2));
            }
        }
        return rows;
    }

    static JsonNode json(String text) throws Exception {
        return JSON.readTree(text);
    }
}
