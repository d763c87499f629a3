package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.cli.stack.RunFile;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.service.MetricsPage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {
    private static final Duration UP = Duration.ofMinutes(4);
    private static final Duration DOWN = Duration.ofSeconds(90);

    @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void a_demo_with_a_duration_writes_compares_everything_and_prints_one_summary() throws Exception {
        Path named = Files.createDirectories(folder.resolve("a folder with spaces"));
        try (RunningCommand demo =
                RunningCommand.start(named, "demo", "--duration", "10s", "--products", "2000", "--json")) {
            assertThat(demo.exitCode(UP)).as(demo.errors()).isEqualTo(ExitCode.GOOD);
            JsonNode summary = new ObjectMapper().readTree(demo.output());
            assertThat(demo.output().strip().lines()).hasSize(1);
            assertThat(summary.path("different").asLong(-1)).isZero();
            assertThat(summary.path("changesWritten").asLong()).isGreaterThan(1_000);
            assertThat(summary.path("changesApplied").asLong())
                    .isGreaterThanOrEqualTo(summary.path("changesWritten").asLong());
            assertThat(summary.path("freshness").path("p50Millis").asDouble()).isPositive();
            assertThat(summary.at("/caches/product/consistent").asLong()).isGreaterThan(1_900);
            assertThat(summary.at("/caches/bill-line/consistent").asLong()).isPositive();
            assertThat(demo.errors()).doesNotContain("\r").contains("ingest-service is ready");
            assertThat(demo.data().resolve("demo")).doesNotExist();
        }
    }

    @Test
    void neither_a_kill_of_the_parent_nor_ctrl_c_leaves_a_process_behind() throws Exception {
        List<ProcessHandle> killed;
        try (RunningCommand demo = RunningCommand.start(folder, "demo", "--products", "500")) {
            demo.awaitRunFile(UP);
            killed = demo.family();
            assertThat(killed).as("PostgreSQL, Kafka, Redis and four services").hasSizeGreaterThan(6);
            demo.signal("KILL");
            awaitEnd(killed);
        }
        // The same folder again, right away: what the killed run held is free.
        try (RunningCommand demo = RunningCommand.start(folder, "demo", "--products", "500")) {
            demo.awaitWords("First change", UP);
            List<ProcessHandle> family = demo.family();
            assertPrivate(demo);
            assertMetricsInUseAreThere(demo.awaitRunFile(UP));
            demo.signal(interruptReaches() ? "INT" : "TERM");
            assertThat(demo.exitCode(DOWN)).as(demo.errors()).isEqualTo(ExitCode.GOOD);
            awaitEnd(family);
            assertThat(demo.output()).contains("Changes written");
            assertThat(demo.data().resolve(RunFile.NAME)).doesNotExist();
        }
    }

    /** A shell's background jobs, and all they start, ignore Ctrl-C; then the other orderly stop is tried. Linux's /proc. */
    private static boolean interruptReaches() throws IOException {
        String ignored = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow();
        return (Long.parseUnsignedLong(ignored.replaceAll("SigIgn:\\s*", ""), 16) & 2) == 0;
    }

    private static void awaitEnd(List<ProcessHandle> family) {
        Await.until("the end of every process that was started", DOWN)
                .sees(() -> family.stream().filter(ProcessHandle::isAlive).toList(), List::isEmpty);
    }

    /** Every metric that an alert or a dashboard names is there, with the labels it names. */
    private static void assertMetricsInUseAreThere(RunFile running) throws Exception {
        assertThat(MetricsInUse.expressions()).hasSizeGreaterThan(50);
        assertThat(MetricsInUse.runbooksAmiss()).isEmpty();
        HttpClient http = HttpClient.newHttpClient();
        String token = Files.readString(Path.of(Objects.requireNonNull(running.token())))
                .strip();
        // Comparisons are shown once there was one.
        HttpRequest comparison = HttpRequest.newBuilder(
                        URI.create(running.services().get("reconciler").url() + "/api/verify"))
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        Await.until("a comparison has begun", Duration.ofMinutes(1))
                .sees(
                        () -> http.send(comparison, HttpResponse.BodyHandlers.ofString())
                                .statusCode(),
                        status -> status == 202);
        Await.until("every metric that an alert or a dashboard names", Duration.ofMinutes(3))
                .sees(
                        () -> {
                            List<MetricsPage> pages = new ArrayList<>();
                            for (RunFile.Service service : running.services().values()) {
                                URI page = URI.create(service.url() + "/prometheus");
                                pages.add(MetricsPage.read(http.send(
                                                HttpRequest.newBuilder(page)
                                                        .header("Authorization", "Bearer " + token)
                                                        .build(),
                                                HttpResponse.BodyHandlers.ofString())
                                        .body()));
                            }
                            return MetricsInUse.lacking(pages);
                        },
                        List::isEmpty);
    }

    /** Passwords are generated, and readable by their owner only. */
    private static void assertPrivate(RunningCommand demo) throws IOException {
        RunFile running = demo.awaitRunFile(Duration.ofSeconds(30));
        for (String file :
                List.of(running.postgres().passwordFile(), running.redis().passwordFile())) {
            assertThat(Files.readString(Path.of(file)).strip()).hasSizeGreaterThan(30);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(file))))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(demo.data())))
                .isEqualTo("rwx------");
        try (Stream<Path> logs = Files.list(demo.data().resolve("logs"))) {
            assertThat(logs.map(log -> log.getFileName().toString()))
                    .contains("ingest-service.log", "cache-writer.log", "reconciler.log", "position-service.log");
        }
    }
}
