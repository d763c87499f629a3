package io.tidemark.systemtests.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.systemtests.product.DirectProduct;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.process.Programs;
import io.tidemark.testkit.service.Repository;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/** Two workers, and the connector that {@code tidemark connect-config} prints. */
final class ConnectCluster implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final HttpClient http = HttpClient.newHttpClient();
    private final DirectProduct product;
    private final Path pipelineFile;
    private final Path directory;
    private final List<ConnectWorker> workers = new ArrayList<>();

    private ConnectCluster(DirectProduct product, Path pipelineFile, Path directory) {
        this.product = product;
        this.pipelineFile = pipelineFile;
        this.directory = directory;
        workers.add(new ConnectWorker("worker-1", directory));
        workers.add(new ConnectWorker("worker-2", directory));
    }

    /** Starts both workers and waits until they answer. */
    static ConnectCluster start(DirectProduct product, Path pipelineFile, Path directory) throws Exception {
        ConnectCluster cluster = new ConnectCluster(product, pipelineFile, directory);
        try {
            cluster.makeOffsetsTopic();
            for (ConnectWorker worker : cluster.workers) {
                worker.start(product.kafkaBootstrap(), product.databasePassword());
            }
            for (ConnectWorker worker : cluster.workers) {
                Await.until(worker.process().name() + " answers", LIMIT)
                        .sees(() -> cluster.send("GET", worker.url() + "/connectors", ""), a -> a.statusCode() == 200);
            }
            return cluster;
        } catch (Exception | AssertionError failed) {
            cluster.close();
            throw failed;
        }
    }

    /** As docs/kafka-connect.md says, where no ingest-service has made it. */
    private void makeOffsetsTopic() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", product.kafkaBootstrap()))) {
            admin.createTopics(List.of(new NewTopic("tidemark.tidemark.offsets", 1, (short) 1)
                            .configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException failed) {
            if (!(failed.getCause() instanceof TopicExistsException)) {
                throw failed;
            }
        }
    }

    /** Registers the connector and waits until its task runs. */
    void register(int epoch) throws Exception {
        String connector = connectConfig(epoch);
        // 409: the workers are still sharing out what is to be done.
        HttpResponse<String> answer = Await.until("the workers take the connector", LIMIT)
                .sees(() -> send("POST", anyUrl() + "/connectors", connector), a -> a.statusCode() != 409);
        if (answer.statusCode() != 201) {
            throw new AssertionError("the connector was refused: " + answer.statusCode() + " " + answer.body());
        }
        awaitTask("RUNNING");
    }

    /** Takes the connector away and waits until it is gone. */
    void unregister() throws Exception {
        Await.until("the workers take the connector away", LIMIT)
                .sees(() -> send("DELETE", anyUrl() + "/connectors/tidemark", ""), a -> a.statusCode() != 409);
        Await.until("the connector is gone", LIMIT)
                .sees(() -> send("GET", anyUrl() + "/connectors/tidemark/status", ""), a -> a.statusCode() == 404);
    }

    /** Waits until the task is in that state; answers the task's status. */
    JsonNode awaitTask(String state) {
        return Await.until("the connector's task is " + state, LIMIT)
                .sees(this::task, task -> task.path("state").asText().equals(state));
    }

    /** Kills, with SIGKILL, the worker that runs the task; waits until the other runs it. */
    void killTheOneThatRunsTheTask() {
        String busy = awaitTask("RUNNING").path("worker_id").asText();
        ConnectWorker worker = workers.stream()
                .filter(each -> each.address().equals(busy))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no worker is called " + busy));
        worker.process().kill();
        workers.remove(worker);
        Await.until("another worker runs the task", LIMIT)
                .sees(
                        this::task,
                        task -> task.path("state").asText().equals("RUNNING")
                                && !task.path("worker_id").asText().equals(busy));
    }

    @Override
    public void close() {
        workers.forEach(worker -> worker.process().stop());
    }

    private JsonNode task() throws IOException, InterruptedException {
        return JSON.readTree(send("GET", anyUrl() + "/connectors/tidemark/status", "")
                        .body())
                .path("tasks")
                .path(0);
    }

    private String anyUrl() {
        return workers.get(0).url();
    }

    /** What the command prints. */
    private String connectConfig(int epoch) throws Exception {
        Path out = directory.resolve("connector.json");
        Path err = directory.resolve("connect-config.log");
        ProcessBuilder command = new ProcessBuilder(
                        Programs.java().toString(),
                        "-jar",
                        Repository.root().resolve("cli/target/tidemark-cli.jar").toString(),
                        "connect-config",
                        "--config",
                        pipelineFile.toString(),
                        "--epoch",
                        Integer.toString(epoch))
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        command.environment().putAll(product.addresses(pipelineFile));
        Process running = command.start();
        if (!running.waitFor(60, TimeUnit.SECONDS) || running.exitValue() != 0) {
            throw new AssertionError("connect-config failed: " + Files.readString(err));
        }
        return Files.readString(out);
    }

    private HttpResponse<String> send(String method, String url, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(90))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
