package io.tidemark.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.change.Change;
import io.tidemark.core.change.ChangeHeaders;
import io.tidemark.core.change.Operation;
import io.tidemark.core.change.Version;
import io.tidemark.ingest.epoch.Lsn;
import io.tidemark.testkit.await.Await;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.management.ObjectName;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

/** What ingest-service publishes of what is written. */
class StreamIT {

    @Test
    void theSnapshotComesFirstAndEveryLaterChangeIsNewer() throws SQLException {
        try (TestBed bed = new TestBed("public.item")) {
            bed.sql(
                    "create table item (id int primary key, name text)",
                    "insert into item select i, 'n' || i from generate_series(1, 100) i");
            bed.startAndCatchUp();
            bed.sql("update item set name = 'x' where id <= 10", "delete from item where id = 100");
            bed.awaitCaughtUp();

            List<Change> changes = bed.changes("public.item");
            assertThat(count(changes, Operation.READ)).isEqualTo(100);
            assertThat(count(changes, Operation.UPDATE)).isEqualTo(10);
            assertThat(count(changes, Operation.DELETE)).isEqualTo(1);
            Version newestRead = newest(changes, Operation.READ);
            assertThat(changes)
                    .filteredOn(change -> change.operation() != Operation.READ)
                    .allMatch(change -> change.version().isNewerThan(newestRead));
            assertThat(bed.newestProgress().endOffsets().get(bed.topic("public.item")).stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(bed.records(bed.topic("public.item")).size());
        }
    }

    @Test
    void interleavedTransactionsAreOrderedByTheirCommits() throws SQLException {
        try (TestBed bed = new TestBed("public.item")) {
            bed.sql("create table item (id int primary key, name text)", "insert into item values (1, 'a'), (2, 'a')");
            bed.startAndCatchUp();
            try (Connection early = bed.connect();
                    Connection late = bed.connect();
                    Statement ofEarly = early.createStatement();
                    Statement ofLate = late.createStatement()) {
                early.setAutoCommit(false);
                ofEarly.execute("update item set name = 'first written' where id = 2");
                ofLate.execute("update item set name = 'b' where id = 1");
                ofEarly.execute("update item set name = 'last committed' where id = 1");
                early.commit();
            }
            bed.awaitCaughtUp();

            assertThat(newestOf(bed.changes("public.item"), 1)
                            .after()
                            .get("name")
                            .asText())
                    .isEqualTo("last committed");
        }
    }

    @Test
    void aTruncateIsPublishedToEveryPartition() throws SQLException {
        try (TestBed bed = new TestBed("public.item")) {
            bed.sql("create table item (id int primary key)", "insert into item values (1), (2)");
            bed.startAndCatchUp();
            bed.sql("truncate item", "insert into item values (3)");
            bed.awaitCaughtUp();

            List<ConsumerRecord<byte[], byte[]>> truncates = bed.records(bed.topic("public.item")).stream()
                    .filter(record -> record.key() != null
                            && new String(record.key(), UTF_8).equals("{\"tidemark.truncate\":true}"))
                    .toList();
            assertThat(truncates).extracting(ConsumerRecord::partition).containsExactlyInAnyOrder(0, 1, 2, 3);
            List<Change> changes = bed.changes("public.item");
            Version truncate = newest(changes, Operation.TRUNCATE);
            assertThat(truncate.isNewerThan(newest(changes, Operation.READ))).isTrue();
            assertThat(newest(changes, Operation.CREATE).isNewerThan(truncate)).isTrue();
        }
    }

    @Test
    void aMovedKeyLeavesADeleteThatSaysSoAndNoTombstone() throws SQLException {
        try (TestBed bed = new TestBed("public.item")) {
            bed.sql("create table item (id int primary key, name text)", "insert into item values (1, 'a'), (5, 'b')");
            bed.startAndCatchUp();
            bed.sql("update item set id = 2 where id = 1", "delete from item where id = 5");
            bed.awaitCaughtUp();

            List<Change> changes = bed.changes("public.item");
            Change moved = newestOf(changes, 1);
            Change made = newestOf(changes, 2);
            assertThat(moved.operation()).isEqualTo(Operation.DELETE);
            assertThat(moved.keyMoved()).isTrue();
            assertThat(made.operation()).isEqualTo(Operation.CREATE);
            assertThat(made.version().isNewerThan(moved.version())).isTrue();
            Map<String, byte[]> newest = new HashMap<>();
            bed.records(bed.topic("public.item"))
                    .forEach(record -> newest.put(new String(record.key(), UTF_8), record.value()));
            assertThat(newest.get("{\"id\":1}")).isNotNull();
            assertThat(newest).containsEntry("{\"id\":5}", null);
        }
    }

    @Test
    void aRowTooLargeForARecordIsPublishedWithoutItsValue() throws SQLException {
        IngestSettings small = IngestSettings.fromEnvironment(Map.of("TIDEMARK_MOST_ROW_MEGABYTES", "1"));
        try (TestBed bed = new TestBed(small, "public.item")) {
            bed.sql("create table item (id int primary key, body text)", "insert into item values (1, 'small')");
            bed.startAndCatchUp();
            bed.sql(
                    "insert into item values (2, repeat('0123456789', 150000))",
                    "update item set body = 'next' where id = 1");
            bed.awaitCaughtUp();

            Change large = newestOf(bed.changes("public.item"), 2);
            assertThat(large.valueLeftOut()).isTrue();
            assertThat(large.after()).isNull();
            assertThat(newestOf(bed.changes("public.item"), 1)
                            .after()
                            .get("body")
                            .asText())
                    .isEqualTo("next");
        }
    }

    @Test
    void theSlotMovesOnWhileOnlyANeighbourWrites() throws SQLException {
        try (TestBed bed = new TestBed("public.item")) {
            bed.sql("create table item (id int primary key)", "create table neighbour (id int, body text)");
            bed.startAndCatchUp();
            bed.sql("insert into neighbour select i, repeat('x', 1000) from generate_series(1, 5000) i");
            long wal = bed.walLsn();

            bed.awaitCaughtUp();
            Await.until("the slot is past the neighbour's writes", TestBed.LIMIT)
                    .sees(
                            () -> Lsn.parse(bed.ask("select confirmed_flush_lsn::text from pg_replication_slots"
                                    + " where slot_name = '" + bed.slot + "'")),
                            confirmed -> Long.compareUnsigned(confirmed, wal) >= 0);
            assertThat(bed.records(bed.topic("public.item"))).isEmpty();
        }
    }

    @Test
    void nothingIsPublishedBeforeItIsVisible() throws SQLException {
        try (TestBed bed = new TestBed("public.item")) {
            bed.sql("create table item (id int primary key, name text)", "insert into item values (1, 'old')");
            bed.startAndCatchUp();
            // Its commit is in the WAL, and not visible until a stand-by that is not there has answered.
            bed.sql("alter system set synchronous_standby_names = 'nobody'", "select pg_reload_conf()");
            try (Connection writer = bed.connect();
                    Statement write = writer.createStatement()) {
                Await.until("the setting is in force", TestBed.LIMIT)
                        .holds(() -> "nobody".equals(bed.ask("show synchronous_standby_names")));
                Thread thread = new Thread(() -> {
                    try {
                        write.execute("update item set name = 'new' where id = 1");
                    } catch (SQLException cancelled) {
                        throw new IllegalStateException(cancelled);
                    }
                });
                thread.start();
                Await.until("the batch is held back", TestBed.LIMIT)
                        .holds(() -> bed.progress.batchInHand().toMillis() > 500);
                assertThat(bed.ask("select name from item")).isEqualTo("old");
                assertThat(bed.changes("public.item")).noneMatch(change -> change.operation() == Operation.UPDATE);
            } finally {
                bed.sql("alter system reset synchronous_standby_names", "select pg_reload_conf()");
            }
            bed.awaitChanges(
                    "public.item", "the update is published", changes -> count(changes, Operation.UPDATE) == 1);
            assertThat(bed.ask("select name from item")).isEqualTo("new");
        }
    }

    @Test
    void aBigTransactionComesWhole() throws SQLException {
        try (TestBed bed = new TestBed("public.item")) {
            bed.sql("create table item (id int primary key, name text)");
            bed.startAndCatchUp();
            bed.sql(
                    "insert into item select i, 'n' || i from generate_series(1, 50000) i",
                    "begin; delete from item; rollback");
            bed.awaitCaughtUp();

            List<Change> changes = bed.changes("public.item");
            assertThat(count(changes, Operation.CREATE)).isEqualTo(50_000);
            assertThat(count(changes, Operation.DELETE)).isZero();
        }
    }

    @Test
    void aStreamedChangeCostsNoTextForJmxAndNoHeaderButTheEpoch() throws Exception {
        try (TestBed bed = new TestBed("public.item")) {
            bed.sql("create table item (id int primary key, name text)");
            bed.startAndCatchUp();
            bed.sql("insert into item values (1, 'a')");
            bed.awaitCaughtUp();

            ObjectName streaming =
                    new ObjectName("debezium.postgres:type=connector-metrics,context=streaming,server=" + bed.prefix);
            assertThat(ManagementFactory.getPlatformMBeanServer().getAttribute(streaming, "LastEvent"))
                    .as("what Debezium made of the last change for JMX")
                    .isNull();
            assertThat(bed.records(bed.topic("public.item"))).isNotEmpty().allSatisfy(record -> assertThat(
                            record.headers().toArray())
                    .extracting(Header::key)
                    .containsExactly(ChangeHeaders.EPOCH));
        }
    }

    static long count(List<Change> changes, Operation operation) {
        return changes.stream()
                .filter(change -> change.operation() == operation)
                .count();
    }

    static Version newest(List<Change> changes, Operation operation) {
        return changes.stream()
                .filter(change -> change.operation() == operation)
                .map(Change::version)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    static Change newestOf(List<Change> changes, int id) {
        return changes.stream()
                .filter(change -> change.key() != null && change.key().get("id").asInt() == id)
                .max(Comparator.comparing(Change::version))
                .orElseThrow();
    }
}
