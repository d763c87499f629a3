package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tidemark.core.change.Change;
import io.tidemark.ingest.epoch.Lsn;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.kafka.EmbeddedKafka;
import io.tidemark.testkit.kafka.KafkaSettings;
import io.tidemark.testkit.network.TcpProxy;
import io.tidemark.testkit.process.Ports;
import io.tidemark.testkit.service.ServiceProcess;
import io.tidemark.testkit.service.ServiceSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program killed (-9) at the moments that matter: between sending changes and Kafka's acknowledgement, and between
 * that and the storing of its place. What one of its Kafka clients sends is held back in between, and gets lost when
 * the program is killed; the other clients go on.
 */
class KilledAtTheMomentIT {
    private static final JsonMapper JSON = new JsonMapper();

    /** Kafka's requests begin with the client's name, its length before it. */
    private static final String CLIENT_OF_CHANGES = "\0\17tidemark-ingest";

    private static final String CLIENT_OF_OFFSETS = "offsets";

    @TempDir
    Path directory;

    private EmbeddedKafka kafka;
    private TcpProxy proxy;
    private TestBed bed;
    private ServiceProcess ingest;

    @BeforeEach
    void startWithTwentyRowsPublished() throws Exception {
        int port = Ports.anyFree();
        proxy = TcpProxy.start(0, port);
        kafka = new EmbeddedKafka(KafkaSettings.in(directory.resolve("kafka"))
                .shortLived()
                .withPort(port)
                .withAdvertisedPort(proxy.port()));
        kafka.start();
        bed = new TestBed("public.item").on("127.0.0.1:" + proxy.port());
        bed.sql(
                "create table item (id int primary key, name text)",
                "insert into item select i, 'first' from generate_series(1, 20) i");
        Path file = Files.writeString(directory.resolve("tidemark.yaml"), bed.text());
        ingest = new ServiceProcess(ServiceSettings.ofModule("ingest-service", directory)
                .with("TIDEMARK_CONFIG", file.toString())
                .with(bed.environment()));
        ingest.start();
        awaitPublished();
        // The place behind the snapshot is stored, or a restart would read the whole table and hide every loss.
        bed.sql("insert into item values (21, 'first')");
        long written = bed.walLsn();
        Await.until("the slot has moved on", TestBed.LIMIT).sees(this::forgettable, lsn -> lsn >= written);
    }

    @AfterEach
    void stop() throws Exception {
        if (ingest != null) {
            ingest.kill();
        }
        proxy.close();
        if (bed != null) {
            bed.close();
        }
        kafka.kill();
    }

    @Test
    void changesThatKafkaNeverGotAreSentAgain() throws Exception {
        proxy.holdRequestsOf(CLIENT_OF_CHANGES);
        bed.sql("insert into item values (1001, 'first')");
        awaitHeld();
        bed.sql("insert into item select i, 'together' from generate_series(1002, 1100) i");
        long written = bed.walLsn();
        bed.sql("delete from item where id = 3", "update item set id = id + 5000 where id in (5, 6)");
        // By then storing the place is due: it is done at once when the first row has got through.
        awaitTwoMoreReports();
        proxy.letHeldPass();
        awaitFirstRowInKafka();
        awaitHeld();
        awaitTwoMoreReports();

        assertThat(forgettable()).as("what PostgreSQL may forget").isLessThan(written);
        killAndForgetWhatIsHeld();
        assertThat(bed.changes("public.item"))
                .extracting(KilledAtTheMomentIT::id)
                .doesNotContain(1_100);

        awaitEverythingPublished();
    }

    @Test
    void changesThatKafkaGotAreSentAgainWhenTheirPlaceWasNotStored() throws Exception {
        proxy.holdRequestsOf(CLIENT_OF_OFFSETS);
        bed.sql("insert into item select i, 'first' from generate_series(1001, 1100) i");
        long written = bed.walLsn();
        awaitFirstRowInKafka();
        awaitHeld();
        awaitTwoMoreReports();

        assertThat(forgettable()).as("what PostgreSQL may forget").isLessThan(written);
        killAndForgetWhatIsHeld();

        awaitEverythingPublished();
    }

    /** Whatever was marked by then is stored by then: places are stored several times between two reports. */
    private void awaitTwoMoreReports() throws SQLException {
        for (int i = 0; i < 2; i++) {
            String last = lastReport();
            Await.until("ingest-service reports to PostgreSQL", TestBed.LIMIT)
                    .sees(this::lastReport, report -> !report.equals(last));
        }
    }

    private String lastReport() throws SQLException {
        return Objects.requireNonNullElse(
                bed.ask("select reply_time::text from pg_stat_replication join pg_replication_slots on active_pid = pid"
                        + " where slot_name = '" + bed.slot + "'"),
                "");
    }

    private long forgettable() throws SQLException {
        return Lsn.parse(bed.ask(
                "select confirmed_flush_lsn::text from pg_replication_slots where slot_name = '" + bed.slot + "'"));
    }

    private void awaitHeld() {
        Await.until("something is held back", TestBed.LIMIT).sees(proxy::held, held -> held > 0);
    }

    private void awaitFirstRowInKafka() {
        bed.awaitChanges("public.item", "the first row is in Kafka", changes -> changes.stream()
                .anyMatch(change -> id(change) == 1_001));
    }

    private void killAndForgetWhatIsHeld() {
        ingest.kill();
        proxy.reset();
        Await.until("nothing is held back", TestBed.LIMIT).sees(proxy::held, held -> held == 0);
        proxy.heal();
    }

    private void awaitEverythingPublished() throws Exception {
        ingest.launch();
        awaitPublished();
        assertThat(TableContent.published(bed)).isEqualTo(TableContent.ofDatabase(bed));
        assertThat(bed.changes("public.item"))
                .as("read on, not read anew")
                .allMatch(change -> change.version().epoch() == 1);
    }

    private void awaitPublished() throws SQLException {
        long wal = bed.walLsn();
        Await.until("everything is published", Duration.ofSeconds(90))
                .sees(
                        this::progress,
                        page -> Long.compareUnsigned(
                                        page.path("publishedLsnBytes").asLong(), wal)
                                >= 0);
    }

    private JsonNode progress() throws Exception {
        return JSON.readTree(ingest.get("/api/progress").body());
    }

    private static int id(Change change) {
        return change.key() == null ? 0 : change.key().get("id").asInt();
    }
}
