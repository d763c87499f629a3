package io.tidemark.systemtests.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.systemtests.Seed;
import io.tidemark.systemtests.load.CacheReader;
import io.tidemark.systemtests.load.FinalComparison;
import io.tidemark.systemtests.load.Marker;
import io.tidemark.systemtests.load.Observations;
import io.tidemark.systemtests.load.Script;
import io.tidemark.systemtests.load.Shop;
import io.tidemark.systemtests.load.ShopWriter;
import io.tidemark.systemtests.load.TableAndCache;
import io.tidemark.systemtests.load.TopicReader;
import io.tidemark.systemtests.product.DirectProduct;
import io.tidemark.systemtests.product.Product;
import io.tidemark.systemtests.product.Verification;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.orders.OrderFeedSimulator;
import io.tidemark.testkit.orders.SimulatedStore;
import io.tidemark.testkit.orders.SimulatorSettings;
import io.tidemark.testkit.orders.StoreSettings;
import io.tidemark.testkit.promise.Promise;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.service.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The same capture on a Kafka Connect cluster of two workers, in place of ingest-service. */
@Tag("long")
class KafkaConnectIT {
    private static final int PRODUCTS = 2_000;
    private static final int LANES = 3;
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final String STORE = "NATUR";
    private static final String ORDERS = "  order: {table: tidemark.feed_orders, key: \"order:{store}:{id}\"}\n";
    private static final String PUBLICATION =
            "create publication tidemark for table category, product, bill, bill_line,"
                    + " cart_item, marker, tidemark.feed_orders with (publish = 'insert, update, delete, truncate', publish_via_partition_root = true)";

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    private final long seed = Seed.ofThisRun("KafkaConnectIT");
    private final Observations seen = new Observations();
    private final List<ShopWriter> writers = new ArrayList<>();
    private DirectProduct product;
    private Path pipelineFile;
    private Marker marker;
    private OrderFeedSimulator simulator;
    private ServiceProcess positions;

    @BeforeEach
    void startServersAndFillTheShop() throws Exception {
        product = DirectProduct.startServers(directory);
        Shop.create(product, PRODUCTS, seen);
        pipelineFile = Script.copy("load/shop.yaml", directory);
        Files.writeString(pipelineFile, ORDERS, StandardOpenOption.APPEND);
        marker = new Marker(product);
        simulator = OrderFeedSimulator.start(
                SimulatorSettings.of(new StoreSettings(STORE, 300, 5)).withLimitsTimes(100));
        // First of all: it makes the orders' table, which the capture then finds.
        positions = product.startAnother("position-service", "position-service", pipelineFile, feed());
    }

    private Map<String, String> feed() throws IOException {
        Path tokens = Files.createDirectories(directory.resolve("tokens"));
        Files.writeString(tokens.resolve(STORE), simulator.token(STORE));
        return Map.of(
                "TIDEMARK_POSITIONS_DATA",
                directory.resolve("positions").toString(),
                "TIDEMARK_FEED_URL",
                simulator.baseUri().toString(),
                "TIDEMARK_FEED_STORES",
                STORE,
                "TIDEMARK_FEED_TOKENS",
                tokens.toString(),
                "TIDEMARK_FEED_LIMITS",
                "500/s",
                "TIDEMARK_FEED_EVERY_SECONDS",
                "1");
    }

    @AfterEach
    void stop() {
        product.close();
        simulator.close();
    }

    @Test
    void cachesAreRightWhenTheWorkerIsKilledUnderLoadAndIngestServiceNeverRan() throws Exception {
        runSql(PUBLICATION);
        try (ConnectCluster connect = ConnectCluster.start(product, pipelineFile, directory)) {
            connect.register(1);
            startConsumers();
            marker.awaitReadable(LIMIT);
            long reads;
            try (CacheReader reader = CacheReader.start(product, seen, 1, 200)) {
                startWriters();
                writers.get(0).awaitMore(500);
                simulator.store(STORE).add(40);
                connect.killTheOneThatRunsTheTask();
                writers.get(0).awaitMore(500);
                // Connect starts no failed task again: losing PostgreSQL must not fail it.
                product.killAndReplace(Product.POSTGRES);
                writers.get(0).awaitMore(500);
                stopWriters();
                marker.awaitReadable(LIMIT);
                reads = reader.reads();
            }
            requireAllRight(reads);
            assertThat(connect.awaitTask("RUNNING").path("id").asInt()).isZero();
        }
    }

    @Test
    void ingestServiceAndTheConnectorGoOnWhereTheOtherStopped() throws Exception {
        ServiceProcess ingest = product.startAnother(Product.INGEST, Product.INGEST, pipelineFile, Map.of());
        startConsumers();
        marker.awaitReadable(LIMIT);
        try (ConnectCluster connect = ConnectCluster.start(product, pipelineFile, directory);
                CacheReader reader = CacheReader.start(product, seen, 1, 200)) {
            startWriters();
            writers.get(0).awaitMore(300);
            assertThat(epoch(ingest)).isEqualTo(1);
            ingest.stop();

            connect.register(1);
            marker.awaitReadable(LIMIT);
            writers.get(0).awaitMore(300);

            simulator.store(STORE).add(40);
            runSql("truncate cart_item");
            marker.awaitReadable(LIMIT);
            connect.awaitTask("RUNNING");
            connect.unregister();
            ingest.start();
            marker.awaitReadable(LIMIT);
            assertThat(epoch(ingest)).isEqualTo(1);
            stopWriters();
            marker.awaitReadable(LIMIT);
            requireAllRight(reader.reads());
        }
    }

    private void startConsumers() throws Exception {
        for (String service : List.of(Product.CACHE_WRITER, Product.RECONCILER)) {
            product.startAnother(service, service, pipelineFile, Map.of());
        }
    }

    /** The first lane truncates now and then. */
    private void startWriters() {
        for (int lane = 0; lane < LANES; lane++) {
            writers.add(ShopWriter.start(product, seen, lane, LANES, seed, 150));
        }
    }

    private void stopWriters() throws InterruptedException {
        for (ShopWriter writer : writers) {
            writer.close();
        }
    }

    private void requireAllRight(long reads) throws Exception {
        List<TableAndCache> caches = new ArrayList<>(Shop.CACHES);
        caches.add(TableAndCache.of("tidemark.feed_orders", "'order:' || t.store || ':' || t.id", "order:*"));
        int entries = new FinalComparison(product, caches).awaitEqual(Duration.ofSeconds(60));
        requirePositionIsRight();
        long published = TopicReader.read(product.kafkaBootstrap(), "tidemark.public.product", seen);
        System.out.printf("%d changes of products, %d reads, %d entries equal%n", published, reads, entries);
        assertThat(entries).isGreaterThan(PRODUCTS);
        assertThat(reads).isGreaterThan(1_000);
        assertThat(published).isGreaterThan(500);
        seen.ofKafka().forEach(Promise::requireKept);
        seen.ofRedis().forEach(Promise::requireKept);
        Verification verification = product.verify();
        assertThat(verification.nothingFound()).as(verification.text()).isTrue();
    }

    /** position-service beside Connect: every order once, the store's position at the last one, and lag as it is. */
    private void requirePositionIsRight() throws Exception {
        int last = simulator.store(STORE).truth(0, 1_000_000).stream()
                .mapToInt(SimulatedStore.Truth::id)
                .max()
                .orElseThrow();
        Await.until("the position is at the last order", LIMIT).holds(() -> {
            try (RedisConnection redis = product.redis()) {
                return String.valueOf(last)
                        .equals(String.valueOf(redis.call("HGET", "tm:position:{" + STORE + "}", "last_id")));
            }
        });
        try (RedisConnection redis = product.redis()) {
            assertThat((List<?>) redis.call("KEYS", "order:" + STORE + ":*"))
                    .hasSize(simulator.store(STORE).truth(0, 1_000_000).size());
        }
        Await.until("position-service says of the caches' group that nothing is behind", LIMIT)
                .holds(() -> {
                    String answer = positions
                            .get("/api/lag?group=tidemark.cache-writer")
                            .body();
                    JsonNode group = new ObjectMapper().readTree(answer).at("/groups/0");
                    return group.path("state").asText().equals("ok")
                            && group.path("records").asLong(-1) == 0;
                });
    }

    private void runSql(String sql) throws Exception {
        try (Connection connection = product.database()) {
            Script.run(connection, sql);
        }
    }

    private static int epoch(ServiceProcess ingest) {
        return Await.until("ingest-service tells its epoch", LIMIT)
                .sees(
                        () -> new ObjectMapper()
                                .readTree(ingest.get("/api/progress").body())
                                .path("epoch")
                                .asInt(),
                        epoch -> epoch > 0);
    }
}
