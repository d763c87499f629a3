package io.tidemark.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.process.Ports;
import io.tidemark.testkit.servers.SharedServers;
import io.tidemark.testkit.service.ServiceProcess;
import io.tidemark.testkit.service.ServiceSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the reconciler starts when something is wrong or not there yet. */
class StartupIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private ServiceProcess service;

    @AfterEach
    void stop() {
        if (service != null && service.isRunning()) {
            service.kill();
        }
    }

    @Test
    void a_broken_pipeline_file_ends_it_with_every_problem_and_code_2() throws Exception {
        service = service("tidemark: 1\ncaches: {p: {table: t, key: 'p'}}\nkafak: {}\n");
        service.launch();

        assertThat(exitCode()).isEqualTo(2);
        assertThat(log())
                .contains("tidemark.yaml:2:29: caches.p.key:", "tidemark.yaml:3:1: kafak:", "did you mean kafka?");
    }

    @Test
    void a_missing_table_ends_it_with_the_remedy_and_code_2() throws Exception {
        service = service("tidemark: 1\ncaches: {p: {table: no_such_table, key: 'p:{id}'}}\n");
        service.launch();

        assertThat(exitCode()).isEqualTo(2);
        assertThat(log())
                .contains("tidemark.yaml:2:21: caches.p.table: expected the table public.no_such_table, found none");
    }

    @Test
    void a_missing_table_is_waited_for_when_that_was_asked_for_and_so_is_its_key() throws Exception {
        service = new ServiceProcess(settings("tidemark: 1\ncaches: {p: {table: late, key: 'p:{id}'}}\n")
                .with("TIDEMARK_WAIT_FOR_TABLES", "true"));
        service.launch();
        Await.until("it says what it waits for", LIMIT)
                .sees(this::readiness, page -> page.contains("expected the table public.late"));
        execute("create table late (id int)");
        Await.until("it says what it waits for", LIMIT)
                .sees(this::readiness, page -> page.contains("ALTER TABLE") && page.contains("ADD PRIMARY KEY"));
        execute("alter table late add primary key (id)");

        Await.until("it waits for Kafka's topic only", LIMIT)
                .sees(this::readiness, page -> page.contains("ingest-service makes it") || page.contains("\"UP\""));
    }

    @Test
    void a_postgres_that_is_down_is_waited_for_and_named() throws Exception {
        int port = Ports.anyFree();
        service = new ServiceProcess(settings("tidemark: 1\ncaches: {p: {table: t, key: 'p:{id}'}}\n")
                .with("TIDEMARK_SOURCE_URL", "postgresql://u@127.0.0.1:" + port + "/d"));
        service.launch();

        String page = Await.until("it says what it waits for", LIMIT)
                .sees(this::readiness, seen -> seen.contains("PostgreSQL at"));
        assertThat(page).contains("127.0.0.1:" + port);
        assertThat(service.isRunning()).isTrue();
        assertThat(service.get("/health/liveness").statusCode()).isEqualTo(200);
        assertThat(service.get("/api/freshness").statusCode()).isEqualTo(200);
    }

    private String readiness() throws Exception {
        return service.get("/health/readiness").body();
    }

    private int exitCode() throws Exception {
        return service.process().onExit().get(60, TimeUnit.SECONDS);
    }

    private String log() throws Exception {
        return Files.readString(service.process().log());
    }

    private ServiceProcess service(String yaml) throws Exception {
        return new ServiceProcess(settings(yaml));
    }

    private ServiceSettings settings(String yaml) throws Exception {
        Path config = Files.writeString(folder.resolve("tidemark.yaml"), yaml);
        return ServiceSettings.ofModule("reconciler", folder)
                .with("TIDEMARK_CONFIG", config.toString())
                .with("TIDEMARK_SOURCE_URL", SharedServers.postgres().url())
                .with("TIDEMARK_SOURCE_PASSWORD", SharedServers.postgres().password())
                .with("TIDEMARK_KAFKA_BOOTSTRAP", SharedServers.kafka().bootstrap())
                .with("TIDEMARK_KAFKA_PREFIX", "startup")
                .with("TIDEMARK_REDIS_URL", SharedServers.redis().url());
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection = SharedServers.postgres().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
