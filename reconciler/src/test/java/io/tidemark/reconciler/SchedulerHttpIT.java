package io.tidemark.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.servers.SharedServers;
import io.tidemark.testkit.service.ServiceProcess;
import io.tidemark.testkit.service.ServiceSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scheduler of a reconciler as a process, over HTTP; there is no cache-writer. */
class SchedulerHttpIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String OPERATOR = "operator-token-of-the-tests-01";
    private static final String VIEWER = "viewer-token-of-the-tests-0001";
    private static final String FILE = """
            tidemark: 1
            caches: {p: {table: kept, key: 'p:{id}'}}
            search: {boxes: [p]}
            schedules:
              compare: {every: 6h, job: verify}
              resync: {cron: "0 3 * * *", zone: Europe/Paris, job: resync, force: true}
            """;

    @TempDir
    private Path folder;

    private final String database = SharedServers.newDatabase();
    private ServiceProcess service;

    @AfterEach
    void stop() {
        if (service != null && service.isRunning()) {
            service.kill();
        }
    }

    @Test
    void people_look_at_it_stop_it_trigger_it_and_change_intervals_and_a_restart_keeps_all_of_it() throws Exception {
        execute("create table kept (id int primary key)");
        service = started(FILE);
        JsonNode status = status();
        assertThat(status.path("running").asBoolean()).isTrue();
        assertThat(status.path("jobs").findValuesAsText("job"))
                .containsExactly("search-nightly", "search-net", "compare", "resync");
        assertThat(job("compare").path("next_runs")).hasSize(3);

        assertThat(send("GET", "/scheduler/status", "").statusCode()).isEqualTo(401);
        assertThat(send("POST", "/scheduler/stop", VIEWER).statusCode()).isEqualTo(403);
        for (String path : new String[] {
            "/scheduler/start",
            "/scheduler/stop",
            "/scheduler/trigger-now",
            "/scheduler/interval",
            "/re-sync-all",
            "/generate-data-set",
            "/generate-box-data",
            "/generate-option-data"
        }) {
            assertThat(send("GET", path, OPERATOR).statusCode()).as(path).isEqualTo(405);
        }
        assertThat(send("PUT", "/scheduler/interval?hours=0", OPERATOR).statusCode())
                .isEqualTo(400);
        assertThat(send("PUT", "/scheduler/interval?hours=2&job=resync", OPERATOR)
                        .statusCode())
                .isEqualTo(409);
        assertThat(send("POST", "/scheduler/trigger-now?job=nope", OPERATOR).statusCode())
                .isEqualTo(404);
        assertThat(send("POST", "/generate-data-set", OPERATOR).statusCode())
                .as("no caches of it")
                .isEqualTo(404);

        send("POST", "/scheduler/stop", OPERATOR);
        assertThat(status().path("running").asBoolean()).isFalse();
        assertThat(send("POST", "/scheduler/trigger-now?job=resync", OPERATOR).statusCode())
                .isEqualTo(202);
        JsonNode run = Await.until("the run is over", SOON)
                .sees(
                        () -> job("resync").path("history").path(0),
                        one -> !one.path("state").asText("running").equals("running"));
        assertThat(run.path("state").asText()).isEqualTo("failed");
        assertThat(run.path("error").asText()).contains("cannot be reached", "TIDEMARK_CACHE_WRITER_URL");
        assertThat(run.path("by_hand").asBoolean()).isTrue();
        send("PUT", "/scheduler/interval?hours=12", OPERATOR);
        assertThat(job("search-net").path("when").asText()).isEqualTo("every 12h");

        service.kill();
        service = started(FILE);
        assertThat(status().path("stopped").asBoolean()).isTrue();
        assertThat(job("search-net").path("when").asText()).isEqualTo("every 12h");
        assertThat(job("resync").path("history")).hasSize(1);
        assertThat(send("POST", "/scheduler/start", OPERATOR).statusCode()).isEqualTo(200);
        assertThat(status().path("running").asBoolean()).isTrue();

        JsonNode info = body(send("GET", "/info", VIEWER));
        assertThat(info.at("/search_data/boxes/0").asText()).isEqualTo("p");
        Await.until("Redis is connected", SOON)
                .holds(() -> send("GET", "/sync-status", VIEWER).statusCode() == 200);
    }

    @Test
    void a_wrong_cron_line_or_variable_ends_it_at_the_start_with_its_place() throws Exception {
        service = new ServiceProcess(
                settings(
                        "tidemark: 1\ncaches: {p: {table: t, key: 'p:{id}'}}\nschedules: {s: {job: verify, cron: '0 3 * * 8'}}\n"));
        service.launch();
        assertThat(service.process().onExit().get(60, TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(Files.readString(service.process().log())).contains("tidemark.yaml:3:45: schedules.s.cron:");

        service = new ServiceProcess(settings(FILE).with("SYNC_INTERVAL_HOURS", "often"));
        service.launch();
        assertThat(service.process().onExit().get(60, TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(Files.readString(service.process().log())).contains("SYNC_INTERVAL_HOURS", "1 to 8760");
    }

    private ServiceProcess started(String yaml) throws Exception {
        ServiceProcess made = new ServiceProcess(settings(yaml).with("SYNC_INTERVAL_HOURS", "20"));
        made.launch();
        Await.until("the schedules run", SOON).holds(() -> {
            HttpResponse<String> answer = send(made, "GET", "/scheduler/status", OPERATOR);
            return answer.statusCode() == 200 && body(answer).path("problem").isNull();
        });
        return made;
    }

    private JsonNode status() throws Exception {
        return body(send("GET", "/scheduler/status", VIEWER));
    }

    private JsonNode job(String name) throws Exception {
        for (JsonNode job : status().path("jobs")) {
            if (job.path("job").asText().equals(name)) {
                return job;
            }
        }
        throw new AssertionError("no job " + name);
    }

    private static JsonNode body(HttpResponse<String> answer) throws Exception {
        return new JsonMapper().readTree(answer.body());
    }

    private HttpResponse<String> send(String method, String path, String token) throws Exception {
        return send(service, method, path, token);
    }

    private static HttpResponse<String> send(ServiceProcess to, String method, String path, String token)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(to.url() + path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private ServiceSettings settings(String yaml) throws Exception {
        Path config = Files.writeString(folder.resolve("tidemark.yaml"), yaml);
        return ServiceSettings.ofModule("reconciler", folder)
                .with("TIDEMARK_CONFIG", config.toString())
                .with("TIDEMARK_SOURCE_URL", SharedServers.postgres().url().replaceAll("/[^/]*$", "/" + database))
                .with("TIDEMARK_SOURCE_PASSWORD", SharedServers.postgres().password())
                .with("TIDEMARK_KAFKA_BOOTSTRAP", SharedServers.kafka().bootstrap())
                .with("TIDEMARK_KAFKA_PREFIX", "scheduler")
                .with("TIDEMARK_REDIS_URL", SharedServers.redis().url())
                .with("TIDEMARK_CACHE_WRITER_URL", "http://127.0.0.1:9")
                .with("TIDEMARK_RECONCILER_OPERATOR_TOKEN", OPERATOR)
                .with("TIDEMARK_RECONCILER_VIEWER_TOKEN", VIEWER);
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = SharedServers.postgres().connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
