package io.tidemark.systemtests.load;

import io.tidemark.systemtests.product.Masters;
import io.tidemark.systemtests.product.Product;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.promise.EventuallyEqual;
import io.tidemark.testkit.redis.RedisConnection;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Compares every entry with the database, with SQL and Redis commands of its own and nothing of the product. */
public final class FinalComparison {

    private final Product product;
    private final List<TableAndCache> caches;

    public FinalComparison(Product product, List<TableAndCache> caches) {
        this.product = product;
        this.caches = List.copyOf(caches);
    }

    /** Waits until everything is equal; at the deadline it fails with what is not. Answers how many entries it compared. */
    public int awaitEqual(Duration limit) {
        return Await.until("every entry equals the database", limit)
                .sees(this::compare, comparison -> comparison.violations().isEmpty())
                .compared();
    }

    /** What is equal now, and what is not. */
    public EventuallyEqual compare() throws SQLException, IOException {
        EventuallyEqual comparison = new EventuallyEqual();
        try (Connection connection = product.database();
                Statement statement = connection.createStatement()) {
            statement.execute("set timezone = 'UTC'");
            for (TableAndCache cache : caches) {
                readTable(statement, cache, comparison);
            }
        }
        try (Masters masters = product.masters()) {
            for (RedisConnection master : masters.all()) {
                for (TableAndCache cache : caches) {
                    readCache(master, cache, comparison);
                }
            }
        }
        return comparison;
    }

    private static void readTable(Statement statement, TableAndCache cache, EventuallyEqual comparison)
            throws SQLException {
        try (ResultSet rows = statement.executeQuery(
                "select " + cache.keySql() + ", (" + cache.documentSql() + ")::text from " + cache.table() + " t")) {
            while (rows.next()) {
                comparison.inDatabase(rows.getString(1), rows.getString(2));
            }
        }
    }

    private static void readCache(RedisConnection redis, TableAndCache cache, EventuallyEqual comparison)
            throws IOException {
        List<String> keys = new ArrayList<>();
        redis.scan(cache.pattern(), keys::add);
        for (int from = 0; from < keys.size(); from += 1_000) {
            List<String> some = keys.subList(from, Math.min(keys.size(), from + 1_000));
            List<?> values = redis.callAll(
                    some.stream().map(key -> new String[] {"GET", key}).toList());
            for (int i = 0; i < some.size(); i++) {
                if (values.get(i) != null) {
                    comparison.inCache(some.get(i), (String) values.get(i));
                }
            }
        }
    }
}
