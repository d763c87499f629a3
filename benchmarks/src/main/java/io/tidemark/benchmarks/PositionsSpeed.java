package io.tidemark.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.testkit.kafka.EmbeddedKafka;
import io.tidemark.testkit.kafka.KafkaSettings;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import io.tidemark.testkit.postgres.PostgresSettings;
import io.tidemark.testkit.process.Ports;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
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
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/**
 * How fast position-service brings 500 stores back from each layer, and how many positions a second it keeps, on one
 * machine, with the service as a process. Run from the project's root after a build: {@code java -cp
 * benchmarks/target/benchmarks.jar io.tidemark.benchmarks.PositionsSpeed [ORDERS]}.
 */
public final class PositionsSpeed {
    private static final int STORES = 500;
    private static final String TOKEN = "token-of-the-benchmark-0123456789";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration UPDATES_FOR = Duration.ofSeconds(10);
    private static final int WRITERS = 16;
    private static final AtomicLong FIRST_ID = new AtomicLong();

    private final Path directory;
    private final EmbeddedPostgres postgres;
    private final EmbeddedKafka kafka;
    private final EmbeddedRedis redis;
    private final ServiceProcess service;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private PositionsSpeed(Path directory) throws IOException {
        this.directory = directory;
        postgres = new EmbeddedPostgres(PostgresSettings.in(directory.resolve("postgres")));
        kafka = new EmbeddedKafka(KafkaSettings.in(directory.resolve("kafka")));
        redis = new EmbeddedRedis(RedisSettings.in(directory.resolve("redis")));
        Stream.of(postgres, kafka, redis).forEach(server -> server.start());
        Path pipeline = Files.writeString(directory.resolve("tidemark.yaml"), """
                tidemark: 1
                caches:
                  order:
                    table: tidemark.feed_orders
                    key: order:{store}:{id}
                """);
        // The JVM's options are those that `tidemark up` gives it.
        service = new ServiceProcess(ServiceSettings.ofModule("position-service", directory)
                .withJvmOption("-Xmx128m")
                .withJvmOption("-XX:+UseSerialGC")
                .withJvmOption("-XX:TieredStopAtLevel=1")
                .with("TIDEMARK_CONFIG", pipeline.toString())
                .with("TIDEMARK_SOURCE_URL", postgres.url())
                .with("TIDEMARK_SOURCE_PASSWORD", postgres.password())
                .with("TIDEMARK_KAFKA_BOOTSTRAP", kafka.bootstrap())
                .with("TIDEMARK_REDIS_URL", redis.url())
                .with("TIDEMARK_POSITIONS_DATA", directory.resolve("data").toString())
                .with("TIDEMARK_POSITIONS_ADMIN_TOKEN", TOKEN)
                // Nothing is read: every store is paused before it is due a second time.
                .with("TIDEMARK_FEED_URL", "http://127.0.0.1:" + Ports.anyFree())
                .with("TIDEMARK_FEED_STORES", stores().collect(Collectors.joining(","))));
    }

    private static Stream<String> stores() {
        return IntStream.range(0, STORES).mapToObj(PositionsSpeed::store);
    }

    private static String store(int number) {
        return String.format(Locale.ROOT, "S%03d", number);
    }

    public static void main(String[] arguments) throws Exception {
        long orders = arguments.length > 0 ? Long.parseLong(arguments[0]) : 5_000_000;
        Path directory = Files.createTempDirectory("tidemark-positions-speed");
        System.out.println(STORES + " stores, " + orders + " orders, logs in " + directory);
        PositionsSpeed speed = new PositionsSpeed(directory);
        try {
            speed.measure(orders / STORES);
        } finally {
            for (var server : List.of(speed.service, speed.redis, speed.kafka, speed.postgres)) {
                server.stop();
            }
        }
        System.exit(0);
    }

    private void measure(long ordersOfStore) throws Exception {
        service.start();
        Deadline deadline = new Deadline(Duration.ofSeconds(60), "the stores on the board");
        while (number("select count(*) from tidemark.feed_store") < STORES) {
            deadline.pause();
        }
        sql("update tidemark.feed_store set paused = true");
        service.kill();
        loseRedis();
        loseCheckpoints();
        loseSnapshots();
        fill(ordersOfStore);
        restarted("the database, calculated from " + ordersOfStore * STORES + " orders");

        sql(
                "insert into tidemark.feed_progress select store, 0, 0, max(id) / 20, null, max(id) - 19, max(id), max(id), 0,"
                        + " now() from tidemark.feed_orders group by store");
        // The first is slow: neither the service's code nor Kafka's is compiled yet.
        for (int round = 1; round <= 3; round++) {
            updates();
        }
        for (int round = 1; round <= 3; round++) {
            flushed();
        }
        service.kill();
        loseRedis();
        loseCheckpoints();
        restarted("the JSON snapshot");
        service.kill();
        loseRedis();
        restarted("Kafka, the service starting");
    }

    /** The service has just lost Redis, and is told so at once; by itself it would have seen it within a second. */
    private void flushed() throws Exception {
        loseRedis();
        long began = System.nanoTime();
        JsonNode report = ask("POST", "/api/admin/auto-recover-sync-positions", "");
        long asked = System.nanoTime() - began;
        while (keys() < STORES) {
            Thread.onSpinWait();
        }
        System.out.printf(
                Locale.ROOT,
                "after FLUSHALL: asked and answered in %d ms, all %d positions back after %d ms; from %s, in %s ms%n",
                asked / 1_000_000,
                STORES,
                (System.nanoTime() - began) / 1_000_000,
                report.path("restored_from"),
                report.path("duration_ms"));
    }

    private void restarted(String from) throws Exception {
        service.start();
        Deadline deadline = new Deadline(Duration.ofSeconds(60), "every position back");
        while (keys() < STORES) {
            deadline.pause();
        }
        JsonNode last = ask("GET", "/api/admin/sync-position-status", "").path("last_recovery");
        System.out.printf("after a start, from %s: %s ms; %s%n", from, last.path("duration_ms"), lastTimes());
    }

    /** What the service's process has used of the processors so far: says more than time does on a busy machine. */
    private Duration cpu() {
        return ProcessHandle.of(service.process().pid()).stream()
                .flatMap(keeper -> Stream.concat(Stream.of(keeper), keeper.descendants()))
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** The service's own word on how long each layer took. */
    private String lastTimes() throws IOException {
        return Files.readAllLines(service.process().log()).stream()
                .filter(line -> line.contains("asked Redis"))
                .reduce("", (before, line) -> line.substring(line.indexOf("asked Redis")));
    }

    private void updates() throws Exception {
        AtomicLong done = new AtomicLong();
        Duration cpuBefore = cpu();
        long firstId = FIRST_ID.addAndGet(10_000_000);
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> ends = new ArrayList<>();
        long began = System.nanoTime();
        long end = began + UPDATES_FOR.toNanos();
        for (int writer = 0; writer < WRITERS; writer++) {
            int first = writer;
            ends.add(writers.submit(() -> {
                for (long id = firstId; System.nanoTime() < end; id += 20) {
                    for (int store = first; store < STORES && System.nanoTime() < end; store += WRITERS) {
                        ask(
                                "PUT",
                                "/api/admin/positions/" + store(store),
                                "{\"page\":" + id / 20 + ",\"first_id\":" + (id - 19) + ",\"last_id\":" + id + "}");
                        done.incrementAndGet();
                    }
                }
                return null;
            }));
        }
        for (Future<?> writer : ends) {
            writer.get();
        }
        writers.shutdown();
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "updates over HTTP, each in Redis and on Kafka before it is answered, JSON beside: %.0f a second (%d in"
                        + " %.1f s, %d at a time), %.2f ms of processor time each in the service%n",
                done.get() / seconds,
                done.get(),
                seconds,
                WRITERS,
                cpu().minus(cpuBefore).toNanos() / 1e6 / done.get());
    }

    private void fill(long ordersOfStore) throws SQLException {
        long began = System.nanoTime();
        sql(
                "insert into tidemark.feed_orders (store, id, reference, state, total) select 'S' || lpad(s::text, 3, '0'), i,"
                        + " 'S' || s || i, 'confirmed', 100 from generate_series(0, " + (STORES - 1)
                        + ") s, generate_series(1, "
                        + ordersOfStore + ") i");
        sql("vacuum analyze tidemark.feed_orders");
        sql("delete from tidemark.feed_progress");
        System.out.printf("filled in %d s%n", (System.nanoTime() - began) / 1_000_000_000);
    }

    private void sql(String sql) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private long keys() throws IOException {
        try (RedisConnection connection = redis.connect()) {
            return connection.call("KEYS", "tm:position:*") instanceof List<?> keys ? keys.size() : 0;
        }
    }

    private void loseRedis() throws IOException {
        try (RedisConnection connection = redis.connect()) {
            connection.call("FLUSHALL");
        }
    }

    private void loseCheckpoints() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            String topic = "tidemark.tidemark.positions";
            if (admin.listTopics().names().get().contains(topic)) {
                admin.deleteTopics(List.of(topic)).all().get();
            }
        }
    }

    private void loseSnapshots() throws IOException {
        Path snapshots = directory.resolve("data").resolve("sync-positions");
        if (Files.exists(snapshots)) {
            try (Stream<Path> files = Files.walk(snapshots)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private JsonNode ask(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(service.url() + path))
                        .timeout(Duration.ofSeconds(60))
                        .header("Authorization", "Bearer " + TOKEN)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }
}
