package io.tidemark.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code ./tidemark up} as its users start it, against a PostgreSQL of our own. Thread-safe. */
final class RunningStack implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path runFile;

    /** Starts it and returns at once: the first snapshot is part of what is measured. */
    RunningStack(Path directory, EmbeddedPostgres postgres) throws IOException {
        this(directory, postgres, ProductTable.PIPELINE);
    }

    /** The same with another pipeline file. */
    RunningStack(Path directory, EmbeddedPostgres postgres, String pipelineFile) throws IOException {
        this(directory, postgres, pipelineFile, Map.of());
    }

    /** The same with more in the services' environment. */
    RunningStack(Path directory, EmbeddedPostgres postgres, String pipelineFile, Map<String, String> environment)
            throws IOException {
        Path pipeline = Files.writeString(directory.resolve("tidemark.yaml"), pipelineFile);
        Path data = directory.resolve("data");
        runFile = data.resolve("run.json");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        "./tidemark",
                        "up",
                        "--config",
                        pipeline.toString(),
                        "--data",
                        data.toString(),
                        "--postgres-port",
                        "0",
                        "--redis-port",
                        "0",
                        "--kafka-port",
                        "0",
                        "--ingest-port",
                        "0",
                        "--cache-writer-port",
                        "0",
                        "--reconciler-port",
                        "0",
                        "--position-port",
                        "0"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("up.log").toFile());
        builder.environment().put("TIDEMARK_SOURCE_URL", postgres.url());
        builder.environment().put("TIDEMARK_SOURCE_PASSWORD", postgres.password());
        builder.environment().putAll(environment);
        process = builder.start();
    }

    /** What {@code run.json} says, once all services stand in it. */
    JsonNode run() throws IOException, InterruptedException {
        Deadline deadline = new Deadline(Duration.ofMinutes(3), "run.json of ./tidemark up");
        while (!Files.exists(runFile)) {
            if (!process.isAlive()) {
                throw new IOException("./tidemark up ended with exit code " + process.exitValue());
            }
            deadline.pause();
        }
        return JSON.readTree(runFile.toFile());
    }

    JsonNode get(String service, String path) throws IOException, InterruptedException {
        return send(service, path, HttpRequest.newBuilder());
    }

    /** Asks for something that only an admin may. */
    JsonNode post(String service, String path, String body) throws IOException, InterruptedException {
        return send(
                service,
                path,
                HttpRequest.newBuilder()
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json"));
    }

    /** Puts something that only an admin may. */
    JsonNode put(String service, String path, String body) throws IOException, InterruptedException {
        return send(
                service,
                path,
                HttpRequest.newBuilder()
                        .PUT(HttpRequest.BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json"));
    }

    private JsonNode send(String service, String path, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        JsonNode run = run();
        if (run.hasNonNull("token")) {
            String token = Files.readString(Path.of(run.path("token").asText()));
            request.header("Authorization", "Bearer " + token.strip());
        }
        URI address = URI.create(run.at("/services/" + service + "/url").asText() + path);
        HttpResponse<String> answer = http.send(request.uri(address).build(), BodyHandlers.ofString());
        if (answer.statusCode() >= 400) {
            throw new IOException(address + " answers " + answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    /** Has every entry compared with its row, and returns what was found when that is done. */
    JsonNode verify() throws IOException, InterruptedException {
        String id = post("reconciler", "/api/verify", "").path("id").asText();
        return ended("reconciler", "/api/verify/" + id);
    }

    /** Waits until what has begun is over, and returns what became of it. */
    JsonNode ended(String service, String href) throws IOException, InterruptedException {
        Deadline deadline = new Deadline(Duration.ofMinutes(10), href + " of " + service);
        JsonNode answer = get(service, href);
        while (answer.path("state").asText().matches("waiting|running|paused")) {
            deadline.pause();
            answer = get(service, href);
        }
        return answer;
    }

    /** Waits until every change before the WAL position is in Redis, as the reconciler says. */
    void awaitApplied(long walPosition) throws IOException, InterruptedException {
        Deadline deadline = new Deadline(Duration.ofMinutes(10), "all changes applied");
        while (!isApplied(walPosition)) {
            deadline.pause();
        }
    }

    /** Whether every change before the WAL position is in Redis, as the reconciler says; false while it cannot be asked. */
    boolean isApplied(long walPosition) throws InterruptedException {
        try {
            return lsn(get("reconciler", "/api/freshness").path("appliedLsn").asText("0/0")) >= walPosition;
        } catch (IOException notUpYet) {
            return false;
        }
    }

    /** Both forms that an LSN is written in: 16/B374D848, and a decimal number. */
    private static long lsn(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? Long.parseLong(text)
                : Long.parseLong(text.substring(0, slash), 16) << 32 | Long.parseLong(text.substring(slash + 1), 16);
    }

    /** The process ids of everything that was started, by name. */
    Map<String, Long> processes() throws IOException, InterruptedException {
        JsonNode run = run();
        Map<String, Long> processes = new LinkedHashMap<>();
        run.path("services")
                .fields()
                .forEachRemaining(service -> processes.put(
                        service.getKey(), service.getValue().path("pid").asLong()));
        processes.put("kafka", run.at("/kafka/pid").asLong());
        processes.put("redis", run.at("/redis/pid").asLong());
        return processes;
    }

    /** The most memory a service has had resident, in MiB; read from Linux's /proc. */
    long peakResidentMiB(String service) throws IOException, InterruptedException {
        long pid = run().at("/services/" + service + "/pid").asLong();
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")) / 1024)
                .findFirst()
                .orElse(-1);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
