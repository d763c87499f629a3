package io.tidemark.systemtests.positions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.orders.OrderFeedSimulator;
import io.tidemark.testkit.orders.SimulatedStore;
import io.tidemark.testkit.orders.SimulatorSettings;
import io.tidemark.testkit.orders.StoreSettings;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.servers.SharedServers;
import io.tidemark.testkit.service.ServiceProcess;
import io.tidemark.testkit.service.ServiceSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * ingest-service and one or more position-services on servers of this JVM, and the simulated API in it, so that a test
 * reads its ledger. Not thread-safe.
 */
final class FeedProduct implements AutoCloseable {
    static final String TOKEN = "admin-token-of-the-system-tests-0123456789";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PIPELINE = """
            tidemark: 1
            caches:
              order:
                table: tidemark.feed_orders
                key: order:{store}:{id}
                fields: {except: [full_name, telephone]}
            """;

    final OrderFeedSimulator simulator;
    private final Path directory;
    private final String prefix;
    private final String database = SharedServers.newDatabase();
    private final List<ServiceProcess> services = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    FeedProduct(Path directory, String prefix, int limitsTimes, StoreSettings... stores) throws IOException {
        this.directory = directory;
        this.prefix = prefix;
        this.simulator = OrderFeedSimulator.start(SimulatorSettings.of(stores).withLimitsTimes(limitsTimes));
        Files.writeString(directory.resolve("tidemark.yaml"), PIPELINE);
        Path tokens = Files.createDirectories(directory.resolve("tokens"));
        for (String store : simulator.stores()) {
            Files.writeString(tokens.resolve(store), simulator.token(store));
        }
        // The servers are shared: what a test before this one left of stores of these names is none of ours.
        loseRedis();
    }

    /** A position-service with a folder of its own; not started yet. */
    ServiceProcess positionService(String name, int limitsTimes) {
        ServiceProcess service = new ServiceProcess(settings("position-service", name)
                .with("TIDEMARK_POSITIONS_DATA", data(name).toString())
                .with("TIDEMARK_POSITIONS_ADMIN_TOKEN", TOKEN)
                .with("TIDEMARK_FEED_URL", simulator.baseUri().toString())
                .with("TIDEMARK_FEED_STORES", String.join(",", simulator.stores()))
                .with("TIDEMARK_FEED_TOKENS", directory.resolve("tokens").toString())
                .with(
                        "TIDEMARK_FEED_LIMITS",
                        5 * limitsTimes + "/s," + 50 * limitsTimes + "/min," + 1_000 * limitsTimes + "/h,"
                                + 10_000 * limitsTimes + "/day")
                .with("TIDEMARK_FEED_EVERY_SECONDS", "1")
                // Old pages read again for late edits would hide a restart at page 1 in the ledger.
                .with("TIDEMARK_FEED_SWEEP_PAGES", "0"));
        services.add(service);
        return service;
    }

    /** An ingest-service; not started yet. */
    ServiceProcess ingestService() {
        return service("ingest-service", "ingest");
    }

    /** A cache-writer; not started yet. */
    ServiceProcess cacheWriter() {
        return service("cache-writer", "writer");
    }

    private ServiceProcess service(String module, String name) {
        ServiceProcess service = new ServiceProcess(settings(module, name));
        services.add(service);
        return service;
    }

    /** Adds caches to the pipeline file, before any service is started. */
    void addCaches(String yaml) throws IOException {
        Files.writeString(directory.resolve("tidemark.yaml"), PIPELINE + yaml);
    }

    private ServiceSettings settings(String module, String name) {
        return ServiceSettings.ofModule(module, directory.resolve("services").resolve(name))
                .with("TIDEMARK_CONFIG", directory.resolve("tidemark.yaml").toString())
                .with(
                        "TIDEMARK_SOURCE_URL",
                        "postgresql://" + SharedServers.postgres().user() + "@127.0.0.1:"
                                + SharedServers.postgres().port() + "/" + database)
                .with("TIDEMARK_SOURCE_PASSWORD", SharedServers.postgres().password())
                .with("TIDEMARK_SOURCE_SLOT", prefix + "_slot")
                .with("TIDEMARK_SOURCE_PUBLICATION", prefix + "_publication")
                .with("TIDEMARK_KAFKA_BOOTSTRAP", SharedServers.kafka().bootstrap())
                .with("TIDEMARK_KAFKA_PREFIX", prefix)
                .with("TIDEMARK_REDIS_URL", SharedServers.redis().url())
                .with("TIDEMARK_WAIT_FOR_TABLES", "true");
    }

    private Path data(String name) {
        return directory.resolve("data-" + name);
    }

    void loseRedis() throws IOException {
        try (RedisConnection redis = SharedServers.redis().connect()) {
            redis.call("FLUSHALL");
        }
    }

    void loseCheckpoints() throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", SharedServers.kafka().bootstrap()))) {
            admin.deleteTopics(List.of(prefix + ".tidemark.positions")).all().get();
            Await.until("the checkpoints' topic is gone", Duration.ofSeconds(20))
                    .holds(() -> !admin.listTopics().names().get().contains(prefix + ".tidemark.positions"));
        }
    }

    void loseSnapshots(String name) throws IOException {
        try (Stream<Path> files = Files.walk(data(name).resolve("sync-positions"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }

    JsonNode ask(ServiceProcess service, String method, String path) throws Exception {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(service.url() + path))
                        .header("Authorization", "Bearer " + TOKEN)
                        .timeout(Duration.ofSeconds(30))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    /** The status' word on a store. */
    JsonNode store(ServiceProcess service, String store) throws Exception {
        for (JsonNode one :
                ask(service, "GET", "/api/admin/sync-position-status").path("positions")) {
            if (one.path("store").asText().equals(store)) {
                return one;
            }
        }
        throw new AssertionError("no store " + store);
    }

    void awaitAllTakenIn(Duration limit) {
        Await.until("every order is taken in, once, as the API tells it", limit).sees(this::differences, List::isEmpty);
    }

    /** What the database lacks, holds differently, or holds though the API never had it. */
    List<String> differences() throws SQLException {
        List<String> differences = new ArrayList<>();
        for (String store : simulator.stores()) {
            Map<Long, String> held = new TreeMap<>();
            query(
                    "select id, reference || ' ' || state from tidemark.feed_orders where store = '" + store + "'",
                    row -> held.put(row.getLong(1), row.getString(2)));
            for (SimulatedStore.Truth order : simulator.store(store).truth(0, 1_000_000)) {
                String found = held.remove((long) order.id());
                if (!(order.reference() + " " + order.state()).equals(found)) {
                    differences.add(order.reference() + ": found " + found);
                }
            }
            held.keySet().forEach(id -> differences.add(store + id + " was never handed out"));
        }
        return differences.size() > 5 ? differences.subList(0, 5) : differences;
    }

    interface Row {
        void take(ResultSet row) throws SQLException;
    }

    void query(String sql, Row each) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                each.take(rows);
            }
        } catch (SQLException e) {
            if (!"42P01".equals(e.getSQLState())) {
                throw e;
            }
            // The service has not made its tables yet.
        }
    }

    long count(String store) throws SQLException {
        long[] count = {0};
        query(
                "select count(*) from tidemark.feed_orders where store = '" + store + "'",
                row -> count[0] = row.getLong(1));
        return count[0];
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + SharedServers.postgres().port() + "/" + database,
                SharedServers.postgres().user(),
                SharedServers.postgres().password());
    }

    /** Everything the services wrote to their logs. */
    String logs() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("services"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .map(FeedProduct::read)
                    .collect(Collectors.joining());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        services.forEach(ServiceProcess::kill);
        simulator.close();
    }
}
