package io.tidemark.systemtests.product;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.process.KeptProcess;
import io.tidemark.testkit.process.Programs;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.service.Repository;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The product as {@code tidemark up} starts it: with PostgreSQL, Kafka and Redis of its own, supervised by it. */
public final class UpProduct implements Product {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path data;
    private final KeptProcess up;

    private UpProduct(Path data, KeptProcess up) {
        this.data = data;
        this.up = up;
    }

    /** Starts {@code tidemark up} with the pipeline file and waits until it has written where everything is. */
    public static UpProduct start(Path pipelineFile, Path directory) throws IOException {
        Files.createDirectories(directory);
        Path data = directory.resolve("tidemark");
        KeptProcess up = new KeptProcess("tidemark up", "TERM", Duration.ofSeconds(60), directory.resolve("up.log"));
        List<String> command = command("up", "--config", pipelineFile.toString(), "--data", data.toString());
        for (String part : List.of("postgres", "kafka", "redis", "ingest", "cache-writer", "reconciler", "position")) {
            command.addAll(List.of("--" + part + "-port", "0"));
        }
        up.start(command, Map.of(), directory);
        UpProduct product = new UpProduct(data, up);
        Await.until("tidemark up has started every part", Duration.ofSeconds(120))
                .holds(() -> {
                    if (!up.isRunning()) {
                        throw new AssertionError("tidemark up ended: " + up.lastWords());
                    }
                    return product.run().path("services").size() >= 3;
                });
        return product;
    }

    @Override
    public Connection database() throws SQLException {
        JsonNode postgres = run().path("postgres");
        String url =
                postgres.path("url").asText().replaceFirst("^(jdbc:)?postgres(ql)?://([^@/]*@)?", "jdbc:postgresql://");
        return DriverManager.getConnection(url, "tidemark", secret(postgres));
    }

    @Override
    public RedisConnection redis() throws IOException {
        JsonNode redis = run().path("redis");
        URI url = URI.create(redis.path("url").asText());
        return RedisConnection.open(url.getHost(), url.getPort(), secret(redis));
    }

    @Override
    public String kafkaBootstrap() {
        return run().path("kafka").path("bootstrap").asText();
    }

    @Override
    public void killAndReplace(String part) {
        long pid = pid(part);
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        Await.until(part + " has a new process", Duration.ofSeconds(60)).holds(() -> pid(part) != pid);
    }

    @Override
    public void awaitReady() {
        for (String service : List.of(INGEST, CACHE_WRITER, RECONCILER)) {
            Await.until(service + " is ready", Duration.ofSeconds(120))
                    .sees(
                            () -> Http.get(run().path("services")
                                            .path(service)
                                            .path("url")
                                            .asText() + "/health/readiness"),
                            answer -> answer.statusCode() == 200);
        }
    }

    @Override
    public Verification verify() throws IOException, InterruptedException {
        Path output = data.resolve("verify.json");
        List<String> command = command("verify", "--json", "--data", data.toString());
        Process verify = new ProcessBuilder(command)
                .directory(data.getParent().toFile())
                .redirectOutput(output.toFile())
                .redirectError(data.resolve("verify.log").toFile())
                .start();
        if (!verify.waitFor(180, TimeUnit.SECONDS)) {
            verify.destroyForcibly();
            throw new AssertionError("tidemark verify did not end within 180 s");
        }
        String text = Files.readString(output, StandardCharsets.UTF_8)
                + Files.readString(data.resolve("verify.log"), StandardCharsets.UTF_8);
        return new Verification(verify.exitValue() == 0, "exit code " + verify.exitValue() + ": " + text);
    }

    @Override
    public Path logs() {
        return data;
    }

    /** The process of {@code tidemark up} itself. */
    public KeptProcess process() {
        return up;
    }

    /** What run.json says now. */
    public JsonNode run() {
        try {
            return JSON.readTree(data.resolve("run.json").toFile());
        } catch (IOException e) {
            throw new IllegalStateException("run.json cannot be read: " + e.getMessage() + "\n" + up.lastWords(), e);
        }
    }

    @Override
    public void close() {
        up.stop();
    }

    private long pid(String part) {
        JsonNode run = run();
        JsonNode owner = run.has(part) ? run.path(part) : run.path("services").path(part);
        return owner.path("pid").asLong();
    }

    private static @Nullable String secret(JsonNode server) {
        JsonNode file = server.path("passwordFile");
        try {
            return file.isTextual() ? Files.readString(Path.of(file.asText())).strip() : null;
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the password file that run.json names", e);
        }
    }

    private static List<String> command(String... arguments) {
        Path jar = Repository.root().resolve("cli/target/tidemark-cli.jar");
        List<String> command = new ArrayList<>(List.of(Programs.java().toString(), "-jar", jar.toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
