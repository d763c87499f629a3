package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tidemark.core.change.Operation;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.service.MetricsPage;
import io.tidemark.testkit.service.ServiceProcess;
import io.tidemark.testkit.service.ServiceSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program itself, started from its jar and killed. */
class ProcessIT {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path directory;

    @Test
    void killedAgainAndAgainUnderLoadItLosesNothing() throws Exception {
        long seed = Long.getLong("tidemark.seed", 20261120);
        Random random = new Random(seed);
        try (TestBed bed = new TestBed("public.item");
                Writer writer = new Writer(bed, seed)) {
            ServiceProcess ingest = process(bed, "one");
            ingest.launch();
            writer.start();
            for (int kill = 0; kill < 4; kill++) {
                long rows = writer.written();
                int more = 200 + random.nextInt(1500);
                Await.until("more is written", TestBed.LIMIT).holds(() -> writer.written() > rows + more);
                ingest.kill();
                ingest.launch();
            }
            writer.stop();
            awaitPublished(bed, ingest);
            ingest.stop();

            assertThat(TableContent.published(bed)).as("seed %d", seed).isEqualTo(TableContent.ofDatabase(bed));
            assertThat(bed.changes("public.item"))
                    .allMatch(change -> change.version().epoch() <= 5);
        }
    }

    @Test
    void aSecondOneStandsByAndTakesOver() throws Exception {
        try (TestBed bed = new TestBed("public.item")) {
            bed.sql("create table item (id int primary key, name text)");
            ServiceProcess first = process(bed, "first");
            ServiceProcess second = process(bed, "second");
            first.start();
            second.launch();
            Await.until("the second stands by", Duration.ofSeconds(60))
                    .holds(() -> state(second).equals("standby"));
            assertThat(second.get("/health/readiness").statusCode()).isEqualTo(200);
            bed.sql("insert into item values (1, 'a')");
            awaitPublished(bed, first);

            first.kill();
            bed.sql("insert into item values (2, 'b')");
            awaitPublished(bed, second);
            assertThat(bed.changes("public.item"))
                    .filteredOn(change -> change.operation() == Operation.CREATE)
                    .extracting(change -> change.key().get("id").asInt())
                    .contains(1, 2);
            assertThat(progress(second).get("epoch").asInt()).isEqualTo(1);
            second.stop();
        }
    }

    @Test
    void itsPagesSayHowTheStreamGoes() throws Exception {
        try (TestBed bed = new TestBed("public.item")) {
            bed.sql(
                    "create table item (id int primary key, name text)",
                    "insert into item select i, 'a' from generate_series(1, 500) i");
            ServiceProcess ingest = process(bed, "pages");
            ingest.start();
            awaitPublished(bed, ingest);

            JsonNode progress = progress(ingest);
            assertThat(progress.get("state").asText()).isEqualTo("running");
            assertThat(progress.get("snapshot").get("state").asText()).isEqualTo("done");
            assertThat(progress.get("snapshot").get("rowsDone").asInt()).isEqualTo(500);
            assertThat(progress.get("publishedLsn").asText()).matches("[0-9A-F]+/[0-9A-F]+");
            assertThat(ingest.get("/health").statusCode()).isEqualTo(200);
            assertThat(ingest.get("/health/liveness").statusCode()).isEqualTo(200);
            Await.until("the rows are counted", TestBed.LIMIT)
                    .sees(
                            () -> ingest.get("/prometheus").body(),
                            page -> page.contains(
                                            "tidemark_ingest_changes_total{operation=\"r\",table=\"public.item\"} 500.0")
                                    && page.contains("tidemark_ingest_slot_held_bytes"));
            MetricsPage metrics = Await.until("the snapshot's rows are shown", TestBed.LIMIT)
                    .sees(
                            ingest::metrics,
                            page -> page.sum("tidemark_ingest_snapshot_rows", "table", "public.item") == 500);
            assertThat(metrics.sum("tidemark_ingest_running")).isEqualTo(1);
            assertThat(metrics.sum("tidemark_ingest_snapshot_done")).isEqualTo(1);
            assertThat(metrics.has("tidemark_ingest_lag_bytes")).isTrue();
            assertThat(metrics.has("tidemark_build_info", "service", "ingest-service"))
                    .isTrue();
            assertThat(ingest.get("/env").statusCode()).isEqualTo(404);
            assertThat(withoutToken(ingest, "/api/progress")).isEqualTo(401);
            assertThat(withoutToken(ingest, "/prometheus")).isEqualTo(401);
            assertThat(withoutToken(ingest, "/env")).isEqualTo(401);
            assertThat(withoutToken(ingest, "/health/liveness")).isEqualTo(200);
            ingest.stop();
        }
    }

    @Test
    void wrongConfigurationEndsItWithTwoAndTheRemedy() throws Exception {
        try (TestBed bed = new TestBed("public.missing")) {
            ServiceProcess ingest = process(bed, "wrong");
            ingest.launch();
            int exitCode = ingest.process().onExit().get(60, TimeUnit.SECONDS);

            String log = Files.readString(directory.resolve("wrong").resolve("ingest-service.log"));
            assertThat(log).contains("tidemark.yaml:3").contains("public.missing");
            assertThat(exitCode).isEqualTo(2);
        }
    }

    private static int withoutToken(ServiceProcess ingest, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(ingest.url() + path)).build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void aTokenFileThatEverybodyMayReadEndsItWithTwoAndNothingIsMade() throws Exception {
        try (TestBed bed = new TestBed("public.item")) {
            bed.sql("create table item (id int primary key, name text)");
            Path token = Files.writeString(directory.resolve("token"), "t".repeat(30));
            Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
            ServiceProcess ingest = process(bed, "open", Map.of("TIDEMARK_INGEST_ADMIN_TOKEN_FILE", token.toString()));
            ingest.launch();

            assertThat(ingest.process().onExit().get(60, TimeUnit.SECONDS)).isEqualTo(2);
            assertThat(Files.readString(directory.resolve("open").resolve("ingest-service.log")))
                    .contains("TIDEMARK_INGEST_ADMIN_TOKEN_FILE", "rw-r--r--", "chmod 600")
                    .doesNotContain("t".repeat(30));
            try (Connection connection = bed.connect();
                    ResultSet made = connection.createStatement().executeQuery("select count(*) from pg_publication")) {
                made.next();
                assertThat(made.getInt(1)).isZero();
            }
        }
    }

    private ServiceProcess process(TestBed bed, String name) throws IOException {
        return process(bed, name, Map.of());
    }

    private ServiceProcess process(TestBed bed, String name, Map<String, String> more) throws IOException {
        Path home = Files.createDirectories(directory.resolve(name));
        Path file = Files.writeString(home.resolve("tidemark.yaml"), bed.text());
        ServiceSettings settings =
                ServiceSettings.ofModule("ingest-service", home).with("TIDEMARK_CONFIG", file.toString());
        return new ServiceProcess(settings.with(bed.environment()).with(more));
    }

    private static JsonNode progress(ServiceProcess ingest) throws IOException, InterruptedException {
        return JSON.readTree(ingest.get("/api/progress").body());
    }

    private static String state(ServiceProcess ingest) throws IOException, InterruptedException {
        return progress(ingest).get("state").asText();
    }

    private static void awaitPublished(TestBed bed, ServiceProcess ingest) throws SQLException {
        long wal = bed.walLsn();
        Await.until("everything is published", Duration.ofSeconds(90))
                .sees(
                        () -> progress(ingest),
                        page -> Long.compareUnsigned(
                                        page.get("publishedLsnBytes").asLong(), wal)
                                >= 0);
    }

    /** Two sessions that write interleaved transactions over the same rows, from a seed. */
    private static final class Writer implements AutoCloseable {
        private final TestBed bed;
        private final Random random;
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final AtomicReference<Exception> failure = new AtomicReference<>();
        private final Thread thread = new Thread(this::run);
        private volatile long written;

        Writer(TestBed bed, long seed) throws SQLException {
            this.bed = bed;
            this.random = new Random(seed);
            bed.sql(
                    "create table item (id int primary key, name text)",
                    "insert into item select i, 'start' from generate_series(1, 200) i");
        }

        void start() {
            thread.start();
        }

        long written() {
            return written;
        }

        void stop() throws InterruptedException {
            stopped.set(true);
            thread.join();
            assertThat(failure.get()).isNull();
        }

        @Override
        public void close() throws InterruptedException {
            stopped.set(true);
            thread.join();
        }

        private void run() {
            try (Connection a = bed.connect();
                    Connection b = bed.connect();
                    Statement ofA = a.createStatement();
                    Statement ofB = b.createStatement()) {
                a.setAutoCommit(false);
                b.setAutoCommit(false);
                while (!stopped.get()) {
                    // Rows apart, so that neither waits for the other; committed in either order.
                    write(ofA, 1 + 2 * random.nextInt(100));
                    write(ofB, 2 + 2 * random.nextInt(100));
                    write(ofA, 1 + 2 * random.nextInt(100));
                    (random.nextBoolean() ? a : b).commit();
                    write(ofB, 2 + 2 * random.nextInt(100));
                    a.commit();
                    b.commit();
                }
            } catch (SQLException failed) {
                failure.set(failed);
            }
        }

        private void write(Statement statement, int id) throws SQLException {
            if (random.nextInt(5) == 0) {
                statement.execute("delete from item where id = " + id);
            } else {
                statement.execute("insert into item values (" + id + ", 'v" + written
                        + "') on conflict (id) do update set name = excluded.name");
            }
            written++;
        }
    }
}
