package io.tidemark.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.systemtests.product.ConsumerGroup;
import io.tidemark.systemtests.product.DirectProduct;
import io.tidemark.systemtests.product.Product;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.service.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tags of the demo shop, from a commit in PostgreSQL to what readers of Redis see. */
class TagMapIT {
    private static final Path SHOP = Repository.root().resolve("cli/src/main/resources/io/tidemark/cli/shop");
    private static final Duration SOON = Duration.ofSeconds(60);

    /** Pages of one shop and what they are about. */
    private static final Map<String, List<String>> PAGES = Map.of(
            "dashboard", List.of("dashboard", "analytics", "reports", "metrics"),
            "catalog", List.of("products", "catalog"),
            "stock-list", List.of("inventory"),
            "customer-list", List.of("customers", "contacts", "relationships"),
            "employee-list", List.of("employees", "staff", "users"),
            "revenue", List.of("bills", "orders", "transactions", "revenue"));

    private static final String ROWS = """
            insert into shops select i, 'shop', 'city', 'EUR', '2020-01-01', '{}', now() from generate_series(1, 2) i;
            insert into categories select i, 'c', 'c' || i, 20, now() from generate_series(1, 2) i;
            insert into products select i, 1 + i % 2, 1, 'tea', 'b' || i, 5, 2, 1, null, '{}', '{}', true, 0, null, now(), now()
                from generate_series(1, 10) i;
            insert into customers select i, 1 + i % 2, 'a', 'a', null, 0, now(), now() from generate_series(1, 10) i;
            insert into employees select i, 1 + i % 2, 'a', 'till', 12, '2020-01-01', now() from generate_series(1, 4) i;
            insert into bills select i, 1 + i % 2, 1, 1, 'paid', 10, now() from generate_series(1, 4) i;
            """;

    @TempDir
    private static Path directory;

    private static DirectProduct product;

    @BeforeAll
    static void start() throws Exception {
        product = DirectProduct.startServers(directory);
        sql(Files.readString(SHOP.resolve("schema.sql")) + ROWS);
        Path file = directory.resolve("tidemark.yaml");
        String pipeline = Files.readString(SHOP.resolve("tidemark.yaml"));
        // The order feed's table is another service's.
        Files.writeString(file, pipeline.substring(0, pipeline.indexOf("  # Taken in from the outside order API")));
        product.startServices(file);
        awaitTags();
    }

    @AfterAll
    static void stop() {
        product.close();
    }

    @BeforeEach
    void fillEveryPage() throws Exception {
        awaitTags();
        for (int shop = 1; shop <= 2; shop++) {
            for (String page : PAGES.keySet()) {
                fill(page + ":" + shop, tags(page, shop));
            }
        }
        assertThat(cleared()).isEmpty();
    }

    @Test
    void changedProductClearsWhatShowsProductsOfItsShopAndNothingElse() throws Exception {
        sql("update products set price = 3 where id = 2");
        awaitTags();
        assertThat(cleared()).containsExactly("catalog:1", "dashboard:1");
    }

    @Test
    void changedStockClearsTheStockListTooSinceItIsCritical() throws Exception {
        sql("update products set stock = 3 where id = 2");
        awaitTags();
        assertThat(cleared()).containsExactly("catalog:1", "dashboard:1", "stock-list:1");
    }

    @Test
    void productLookedAtClearsNothing() throws Exception {
        sql("update products set view_count = view_count + 1, last_accessed_at = now()");
        awaitTags();
        assertThat(cleared()).isEmpty();
    }

    @Test
    void productThatMovesClearsBothShops() throws Exception {
        sql("update products set shop_id = 3 - shop_id where id = 4");
        awaitTags();
        assertThat(cleared())
                .containsExactly(
                        "catalog:1", "catalog:2", "dashboard:1", "dashboard:2", "stock-list:1", "stock-list:2");
    }

    @Test
    void customersEmployeesAndBillsClearTheirOwn() throws Exception {
        sql("update customers set loyalty_points = 1 where id = 2");
        awaitTags();
        assertThat(cleared()).containsExactly("customer-list:1");
        sql("delete from employees where id = 3");
        awaitTags();
        assertThat(cleared()).containsExactly("customer-list:1", "employee-list:2");
        sql("insert into bills values (100, 1, 1, 1, 'open', 0, now())");
        awaitTags();
        assertThat(cleared()).containsExactly("customer-list:1", "dashboard:1", "employee-list:2", "revenue:1");
    }

    @Test
    void cacheWriterKilledBetweenChangesMissesNone() throws Exception {
        product.part(Product.CACHE_WRITER).kill();
        sql("update customers set loyalty_points = loyalty_points + 1 where id = 3");
        product.killAndReplace(Product.CACHE_WRITER);
        product.awaitReady();
        awaitTags();
        assertThat(cleared()).containsExactly("customer-list:2");
    }

    @Test
    void whatIsStaleIsSoonGoneForPlainReadersToo() throws Exception {
        sql("update products set price = price + 1 where id = 2");
        awaitTags();
        Await.until("catalog and dashboard are swept", SOON)
                .holds(() -> call("EXISTS", "catalog:1", "dashboard:1").equals(0L));
        assertThat(call("EXISTS", "customer-list:1", "employee-list:1", "catalog:2"))
                .isEqualTo(3L);
    }

    /** Pages of which the contract's readers see nothing. */
    private static Set<String> cleared() throws IOException {
        Set<String> cleared = new TreeSet<>();
        for (int shop = 1; shop <= 2; shop++) {
            for (String page : new TreeMap<>(PAGES).keySet()) {
                String key = page + ":" + shop;
                if (call("FCALL_RO", "tm_get", "2", key, "tm:{" + key + "}") == null) {
                    cleared.add(key);
                }
            }
        }
        return cleared;
    }

    private static String tags(String page, int shop) {
        StringBuilder tags = new StringBuilder("shop:" + shop);
        PAGES.get(page)
                .forEach(subject ->
                        tags.append(" shop:").append(shop).append(':').append(subject));
        return tags.toString();
    }

    private static void fill(String key, String tags) throws IOException {
        Object answer = ((List<?>) call("FCALL", "tm_lease", "2", key, "tm:{" + key + "}", "t", "5000")).get(0);
        if (answer.equals("granted")) {
            assertThat(call(
                            "FCALL",
                            "tm_fill",
                            "2",
                            key,
                            "tm:{" + key + "}",
                            "t",
                            "600000",
                            "0",
                            "0",
                            tags,
                            "value",
                            "{}"))
                    .isEqualTo("filled");
        }
    }

    /** Waits until every change so far is applied, by one of a table that clears no page. */
    private static void awaitTags() throws Exception {
        String name = "marker " + System.nanoTime();
        sql("update shops set name = '" + name + "'");
        Await.until("the marker is in Redis", SOON)
                .holds(() -> String.valueOf(call("GET", "shop:2")).contains(name));
        // Each table is a topic of its own; what was committed before the marker was published before it.
        Await.until("everything published is applied", SOON)
                .holds(() -> ConsumerGroup.lag(product.kafkaBootstrap(), "shop.cache-writer") == 0);
    }

    private static void sql(String text) throws SQLException {
        try (Connection connection = product.database();
                Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    private static Object call(String... command) throws IOException {
        try (RedisConnection connection = product.redis()) {
            return connection.call(command);
        }
    }
}
