package io.tidemark.systemtests.product;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.kafka.KafkaServer;
import io.tidemark.testkit.postgres.PostgresServer;
import io.tidemark.testkit.process.Server;
import io.tidemark.testkit.redis.RedisCluster;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisServer;
import io.tidemark.testkit.servers.Servers;
import io.tidemark.testkit.service.ServiceProcess;
import io.tidemark.testkit.service.ServiceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The three services started one by one from their jars, so that a test decides when each runs. */
public final class DirectProduct implements Product {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;
    private final PostgresServer postgres;
    private final KafkaServer kafka;
    private final RedisServer redis;
    private final @Nullable RedisCluster cluster;
    private final Map<String, Server> parts = new LinkedHashMap<>();

    private DirectProduct(Path directory, @Nullable RedisCluster cluster) {
        this.directory = directory;
        Servers servers = Servers.chosen();
        this.postgres = servers.postgres(directory.resolve("postgres"));
        this.kafka = servers.kafka(directory.resolve("kafka"));
        this.cluster = cluster;
        this.redis = cluster == null ? servers.redis(directory.resolve("redis")) : cluster.master(0);
        parts.put(POSTGRES, postgres);
        parts.put(KAFKA, kafka);
        if (cluster == null) {
            parts.put(REDIS, redis);
        }
    }

    /** Starts PostgreSQL, Kafka and Redis, and no service yet. */
    public static DirectProduct startServers(Path directory) {
        return startServers(new DirectProduct(directory, null));
    }

    /** The same with a Redis Cluster of so many masters. */
    public static DirectProduct startServersWithRedisCluster(Path directory, int masters) {
        return startServers(
                new DirectProduct(directory, RedisCluster.start(directory.resolve("redis-cluster"), masters)));
    }

    private static DirectProduct startServers(DirectProduct product) {
        try {
            product.parts.values().forEach(Server::start);
            return product;
        } catch (RuntimeException e) {
            product.close();
            throw e;
        }
    }

    /** Starts the services with the pipeline file and waits until they are ready. */
    public void startServices(Path pipelineFile) throws IOException {
        startServices(pipelineFile, Map.of());
    }

    /** The same, each with these environment variables too. */
    public void startServices(Path pipelineFile, Map<String, String> environment) throws IOException {
        for (String service : List.of(INGEST, CACHE_WRITER, RECONCILER)) {
            parts.put(service, launch(service, service, pipelineFile, environment));
        }
        awaitReady();
    }

    /** One more process of a service; it is stopped with the others. */
    public ServiceProcess startAnother(String service, String name, Path pipelineFile, Map<String, String> environment)
            throws IOException {
        ServiceProcess process = launch(service, name, pipelineFile, environment);
        parts.put(name, process);
        process.awaitReady(Duration.ofSeconds(120));
        return process;
    }

    private ServiceProcess launch(String service, String name, Path pipelineFile, Map<String, String> environment)
            throws IOException {
        // The options that `tidemark up` gives them.
        ServiceProcess process = new ServiceProcess(
                ServiceSettings.ofModule(service, directory.resolve("services").resolve(name))
                        .withJvmOption("-Xmx" + (service.equals(RECONCILER) ? 192 : 256) + "m")
                        .withJvmOption("-XX:+UseSerialGC")
                        .withJvmOption("-XX:+ExitOnOutOfMemoryError")
                        .with(addresses(pipelineFile))
                        .with(environment));
        process.launch();
        return process;
    }

    /** What the services and the command are told by their environment: the pipeline file and where the servers are. */
    public Map<String, String> addresses(Path pipelineFile) throws IOException {
        Path password = directory.resolve("source-password");
        Files.writeString(password, postgres.password());
        Map<String, String> addresses = new LinkedHashMap<>();
        addresses.put("TIDEMARK_CONFIG", pipelineFile.toString());
        addresses.put("TIDEMARK_SOURCE_URL", postgres.url());
        addresses.put("TIDEMARK_SOURCE_PASSWORD_FILE", password.toString());
        addresses.put("TIDEMARK_KAFKA_BOOTSTRAP", kafka.bootstrap());
        addresses.put("TIDEMARK_REDIS_URL", redis.url());
        if (cluster != null) {
            addresses.put(
                    "TIDEMARK_REDIS_NODES",
                    cluster.urls().stream()
                            .skip(1)
                            .map(url -> url.replace("redis://", ""))
                            .collect(Collectors.joining(",")));
        }
        return addresses;
    }

    /** The database's password. */
    public String databasePassword() {
        return postgres.password();
    }

    @Override
    public Connection database() throws SQLException {
        return postgres.connect();
    }

    @Override
    public RedisConnection redis() throws IOException {
        return redis.connect();
    }

    @Override
    public Masters masters() throws IOException {
        if (cluster == null) {
            return new Masters(List.of(redis()));
        }
        List<RedisConnection> masters = new ArrayList<>();
        for (int i = 0; i < cluster.size(); i++) {
            masters.add(cluster.connect(i));
        }
        return new Masters(masters);
    }

    @Override
    public int masterOf(String key) throws IOException {
        return cluster == null ? 0 : cluster.masterOf(key);
    }

    @Override
    public String kafkaBootstrap() {
        return kafka.bootstrap();
    }

    /** One of the parts, to be stopped, frozen and started by hand. */
    public Server part(String name) {
        Server part = parts.get(name);
        if (part == null) {
            throw new IllegalArgumentException("expected one of " + parts.keySet() + ", found " + name);
        }
        return part;
    }

    @Override
    public void killAndReplace(String name) {
        Server part = part(name);
        part.kill();
        if (part instanceof ServiceProcess service) {
            service.launch();
        } else {
            part.start();
        }
    }

    @Override
    public void awaitReady() {
        services().forEach(service -> service.awaitReady(Duration.ofSeconds(120)));
    }

    @Override
    public Verification verify() throws IOException, InterruptedException {
        ServiceProcess reconciler = (ServiceProcess) part(RECONCILER);
        String api = reconciler.url() + "/api/verify";
        String token = reconciler.viewerToken();
        // One that was killed a moment ago refuses until it is ready.
        String begun = Await.until("the reconciler begins a comparison", Duration.ofSeconds(120))
                .sees(() -> Http.post(api, token), answer -> answer.statusCode() == 202)
                .body();
        String id = JSON.readTree(begun).path("id").asText();
        JsonNode end = Await.until("the comparison has ended", Duration.ofSeconds(180))
                .sees(() -> JSON.readTree(Http.get(api + "/" + id, token).body()), run -> List.of("done", "failed")
                        .contains(run.path("state").asText()));
        boolean compared = end.path("state").asText().equals("done") && sum(end, "consistent") > 0;
        long wrong = sum(end, "stale") + sum(end, "missing") + sum(end, "orphaned") + sum(end, "inFlight");
        return new Verification(compared && wrong == 0, end.toString());
    }

    private static long sum(JsonNode run, String count) {
        return run.path("result").findValues(count).stream()
                .mapToLong(JsonNode::asLong)
                .sum();
    }

    @Override
    public Path logs() {
        return directory;
    }

    @Override
    public void close() {
        List<Server> lastFirst = new ArrayList<>(parts.values());
        java.util.Collections.reverse(lastFirst);
        lastFirst.forEach(Server::stop);
        if (cluster != null) {
            cluster.close();
        }
    }

    /** Ends all of it at once; nothing is written any more. */
    public void kill() {
        List<Server> lastFirst = new ArrayList<>(parts.values());
        java.util.Collections.reverse(lastFirst);
        lastFirst.forEach(Server::kill);
    }

    private List<ServiceProcess> services() {
        return parts.values().stream()
                .filter(ServiceProcess.class::isInstance)
                .map(ServiceProcess.class::cast)
                .toList();
    }
}
