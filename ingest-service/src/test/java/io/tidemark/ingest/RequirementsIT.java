package io.tidemark.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import io.tidemark.testkit.postgres.PostgresSettings;
import io.tidemark.testkit.servers.SharedServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong at start is refused with the remedy, and nothing is begun. */
class RequirementsIT {

    @Test
    void aServerThatIsNotSetUpIsToldAllThatIsMissing(@TempDir Path directory) throws SQLException {
        PostgresSettings replica = PostgresSettings.in(directory)
                .notDurable()
                .with("wal_level", "replica")
                .with("max_replication_slots", "0")
                .with("max_wal_senders", "0");
        try (EmbeddedPostgres postgres = new EmbeddedPostgres(replica)) {
            postgres.start();
            try (Connection connection = postgres.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("create table item (id int primary key)");
            }
            String refusal = refusal(Map.of(
                    "TIDEMARK_SOURCE_URL", postgres.url(),
                    "TIDEMARK_SOURCE_PASSWORD", postgres.password(),
                    "TIDEMARK_KAFKA_PREFIX", "replica"));

            assertThat(refusal)
                    .contains("ALTER SYSTEM SET wal_level = 'logical'")
                    .contains("ALTER SYSTEM SET max_replication_slots = 5")
                    .contains("ALTER SYSTEM SET max_wal_senders = 5");
        }
    }

    @Test
    void aWrongPasswordIsRefused() {
        assertThat(refusal(Map.of(
                        "TIDEMARK_SOURCE_URL",
                        "postgresql://nobody@127.0.0.1:"
                                + SharedServers.postgres().port() + "/tidemark",
                        "TIDEMARK_SOURCE_PASSWORD",
                        "wrong",
                        "TIDEMARK_KAFKA_PREFIX",
                        "refused")))
                .contains("source.password")
                .doesNotContain("wrong");
    }

    @Test
    void aRoleWithoutRightsIsToldEachOfThem() throws SQLException {
        try (TestBed bed = new TestBed("public.item")) {
            String role = "role_" + bed.prefix;
            bed.sql("create table item (id int primary key)", "create role " + role + " login password 'secret'");
            String refusal = refusal(asRole(bed, role));
            assertThat(refusal)
                    .contains("ALTER ROLE \"" + role + "\" REPLICATION")
                    .contains("GRANT SELECT ON \"public\".\"item\" TO " + role)
                    .contains("CREATE PUBLICATION \"publication_" + bed.prefix + "\" FOR TABLE \"public\".\"item\"")
                    .doesNotContain("secret");

            // The remedies as they were given.
            bed.sql(
                    "alter role " + role + " replication",
                    "grant select on item to " + role,
                    refusal.substring(refusal.indexOf("CREATE PUBLICATION"))
                            .lines()
                            .findFirst()
                            .orElseThrow());
            IngestRun run = new IngestRun(asRole(bed, role)).start();
            Await.until("it runs " + run.refusals, TestBed.LIMIT)
                    .holds(() -> run.board.state() instanceof IngestState.Running && run.progress.isSnapshotDone());
            run.stop();
        }
    }

    @Test
    void tablesThatCannotBeFollowedAreEachToldWhy() throws SQLException {
        try (TestBed bed =
                new TestBed("public.gone", "public.keyless", "public.fleeting", "public.deferred", "public.shown")) {
            bed.sql(
                    "create table keyless (id int)",
                    "create unlogged table fleeting (id int primary key)",
                    "create table deferred (id int primary key deferrable initially deferred)",
                    "create table below (id int primary key)",
                    "create view shown as select * from below");
            bed.start();
            Await.until("it is refused", TestBed.LIMIT).holds(() -> !bed.refusals.isEmpty());

            assertThat(bed.refusals.get(0))
                    .contains("tidemark.yaml:3")
                    .contains("public.gone")
                    .contains("ALTER TABLE \"public\".\"keyless\" ADD PRIMARY KEY");
            assertThat(bed.ask("select count(*) from pg_publication where pubname = 'publication_" + bed.prefix + "'"))
                    .isEqualTo("0");
        }
        try (TestBed bed = new TestBed("public.fleeting", "public.deferred")) {
            bed.sql(
                    "create unlogged table fleeting (id int primary key)",
                    "create table deferred (id int primary key deferrable initially deferred)");
            bed.start();
            Await.until("it is refused", TestBed.LIMIT).holds(() -> !bed.refusals.isEmpty());

            assertThat(bed.refusals.get(0))
                    .contains("ALTER TABLE \"public\".\"fleeting\" SET LOGGED")
                    .contains("ALTER TABLE \"public\".\"deferred\" REPLICA IDENTITY FULL");
            bed.sql("update deferred set id = 2");
        }
    }

    @Test
    void aTypeBesideWhichTheStreamCannotStartIsNamed() throws SQLException {
        try (TestBed bed = new TestBed("public.item")) {
            bed.sql(
                    "create table item (id int primary key)",
                    "create type mood as enum ('good')",
                    "create domain temper as mood");
            bed.start();
            Await.until("it is refused", TestBed.LIMIT).holds(() -> !bed.refusals.isEmpty());

            assertThat(bed.refusals.get(0)).contains("DROP DOMAIN").contains("temper");
        }
    }

    @Test
    void missingTablesAreWaitedForWhenAskedTo() throws SQLException {
        IngestSettings waiting = IngestSettings.fromEnvironment(Map.of("TIDEMARK_WAIT_FOR_TABLES", "true"));
        try (TestBed bed = new TestBed(waiting, "public.item")) {
            bed.start();
            Await.until("it says what it waits for", TestBed.LIMIT)
                    .holds(() -> bed.board.state() instanceof IngestState.Waiting state
                            && state.reason().contains("tidemark.yaml:3")
                            && state.reason().contains("public.item"));
            bed.sql(
                    "create table item (id int, name text)",
                    "insert into item values (1, 'a')",
                    "alter table item add primary key (id)");
            bed.awaitChanges("public.item", "the row is read", changes -> changes.size() == 1);
        }
    }

    @Test
    void aTopicThatLosesRecordsIsRefusedWithTheCommand() throws SQLException, InterruptedException, ExecutionException {
        try (TestBed bed = new TestBed("public.item")) {
            bed.sql("create table item (id int primary key)");
            try (Admin admin = bed.admin()) {
                admin.createTopics(List.of(new NewTopic(bed.topic("public.item"), 1, (short) 1)
                                .configs(Map.of("cleanup.policy", "delete", "max.message.bytes", "1000"))))
                        .all()
                        .get();
            }
            bed.start();
            Await.until("it is refused", TestBed.LIMIT).holds(() -> !bed.refusals.isEmpty());
            assertThat(bed.refusals.get(0))
                    .contains("kafka-configs.sh")
                    .contains("--entity-name " + bed.topic("public.item") + " --add-config cleanup.policy=compact")
                    .contains("--add-config max.message.bytes=");
        }
    }

    private static Map<String, String> asRole(TestBed bed, String role) {
        Map<String, String> environment = new HashMap<>(bed.environment());
        environment.put(
                "TIDEMARK_SOURCE_URL",
                "postgresql://" + role + "@127.0.0.1:"
                        + SharedServers.postgres().port() + "/" + bed.database);
        environment.put("TIDEMARK_SOURCE_PASSWORD", "secret");
        return environment;
    }

    private static String refusal(Map<String, String> environment) {
        IngestRun run = new IngestRun(environment).start();
        Await.until("it is refused", TestBed.LIMIT).holds(() -> !run.refusals.isEmpty());
        run.stop();
        return run.refusals.get(0);
    }

    /** One run of the stream of table item. */
    private static final class IngestRun {
        final List<String> refusals = new CopyOnWriteArrayList<>();
        final StreamProgress progress = new StreamProgress(System::nanoTime);
        final StateBoard board = new StateBoard(Clock.systemUTC());
        private final Supervisor supervisor;

        IngestRun(Map<String, String> environment) {
            Map<String, String> all = new HashMap<>(environment);
            all.putIfAbsent("TIDEMARK_KAFKA_BOOTSTRAP", SharedServers.kafka().bootstrap());
            PipelineFile file =
                    PipelineFile.parse("tidemark.yaml", "tidemark: 1\ntables:\n  public.item: {}".getBytes(UTF_8), all);
            supervisor = IngestFactory.supervisor(
                    file, IngestSettings.fromEnvironment(Map.of()), progress, board, refusals::add);
        }

        IngestRun start() {
            supervisor.start();
            return this;
        }

        void stop() {
            supervisor.close();
        }
    }
}
