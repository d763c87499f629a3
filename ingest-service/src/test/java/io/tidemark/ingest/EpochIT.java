package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.change.Change;
import io.tidemark.core.change.Operation;
import io.tidemark.core.change.Version;
import io.tidemark.testkit.await.Await;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every gap is seen and healed by a new epoch. */
class EpochIT {
    private TestBed bed;

    @BeforeEach
    void startsWithTwoRows() throws SQLException {
        bed = new TestBed("public.item");
        bed.sql("create table item (id int primary key, name text)", "insert into item values (1, 'a'), (2, 'a')");
        bed.startAndCatchUp();
        assertThat(bed.progress.epoch()).isEqualTo(1);
    }

    @Test
    void aRestartGoesOnInTheSameEpoch() throws SQLException {
        bed.stop();
        bed.sql("update item set name = 'b' where id = 1");
        bed.startAndCatchUp();

        assertThat(bed.progress.epoch()).isEqualTo(1);
        List<Change> changes = bed.changes("public.item");
        assertThat(StreamIT.count(changes, Operation.READ)).isEqualTo(2);
        assertThat(StreamIT.count(changes, Operation.TRUNCATE)).isZero();
        assertThat(StreamIT.newestOf(changes, 1).after().get("name").asText()).isEqualTo("b");
        bed.close();
    }

    @Test
    void aSlotDroppedWhileDownBeginsANewEpoch() throws SQLException {
        bed.stop();
        bed.sql("select pg_drop_replication_slot('" + bed.slot + "')", "delete from item where id = 1");
        bed.startAndCatchUp();

        assertNewEpoch(2);
    }

    @Test
    void aSlotMadeAnewWhileDownBeginsANewEpoch() throws SQLException {
        bed.stop();
        bed.sql(
                "select pg_drop_replication_slot('" + bed.slot + "')",
                "delete from item where id = 1",
                "select pg_create_logical_replication_slot('" + bed.slot + "', 'pgoutput')");
        bed.startAndCatchUp();

        assertNewEpoch(2);
    }

    @Test
    void aSlotMovedAheadWhileDownBeginsANewEpoch() throws SQLException {
        bed.stop();
        bed.sql(
                "delete from item where id = 1",
                "select pg_replication_slot_advance('" + bed.slot + "', pg_current_wal_lsn())");
        bed.startAndCatchUp();

        assertNewEpoch(2);
    }

    @Test
    void lostOffsetsBeginANewEpoch() throws SQLException, InterruptedException, ExecutionException {
        bed.stop();
        bed.sql("delete from item where id = 1");
        try (Admin admin = bed.admin()) {
            admin.deleteTopics(List.of(bed.prefix + ".tidemark.offsets")).all().get();
        }
        bed.startAndCatchUp();

        assertNewEpoch(2);
    }

    @Test
    void anEmptiedKafkaBeginsANewEpochAboveTheOld() throws SQLException, InterruptedException, ExecutionException {
        bed.stop();
        bed.sql("delete from item where id = 1");
        try (Admin admin = bed.admin()) {
            List<String> ours = admin.listTopics().names().get().stream()
                    .filter(topic -> topic.startsWith(bed.prefix + "."))
                    .toList();
            admin.deleteTopics(ours).all().get();
        }
        bed.startAndCatchUp();

        assertNewEpoch(2);
    }

    @Test
    void aDroppedPublicationIsMadeAgainAndBeginsANewEpoch() throws SQLException {
        bed.stop();
        bed.sql("drop publication publication_" + bed.prefix, "delete from item where id = 1");
        bed.startAndCatchUp();

        assertNewEpoch(2);
    }

    @Test
    void aTableMadeAnewWhileItRunsIsReadAgain() throws SQLException {
        bed.sql(
                "drop table item",
                "create table item (id int, name text)",
                "insert into item values (2, 'z')",
                "alter table item add primary key (id)");
        bed.awaitChanges("public.item", "the new row is read", changes -> StreamIT.newestOf(changes, 2)
                .after()
                .get("name")
                .asText()
                .equals("z"));
        bed.awaitCaughtUp();

        assertThat(bed.progress.epoch()).isGreaterThan(1);
        bed.close();
    }

    @Test
    void aTableAddedToTheFileIsReadToo() throws SQLException {
        bed.stop();
        bed.sql("create table other (id int primary key)", "insert into other values (7)");
        bed.tables.add("public.other");
        bed.startAndCatchUp();

        assertThat(bed.changes("public.other"))
                .filteredOn(change -> change.operation() == Operation.READ)
                .hasSize(1);
        bed.close();
    }

    @Test
    void theSlotDroppedUnderTheRunningStreamIsHealed() throws SQLException {
        bed.sql("delete from item where id = 1");
        bed.awaitCaughtUp();
        bed.sql("select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = '" + bed.slot
                + "'");
        Await.until("the slot is dropped", TestBed.LIMIT).holds(() -> {
            bed.sql("select pg_drop_replication_slot('" + bed.slot + "')");
            return true;
        });
        Await.until("a new epoch runs", TestBed.LIMIT)
                .holds(() -> bed.progress.epoch() > 1 && bed.progress.isSnapshotDone());
        bed.awaitCaughtUp();
        bed.close();
    }

    private void assertNewEpoch(int epoch) throws SQLException {
        assertThat(bed.progress.epoch()).isEqualTo(epoch);
        List<Change> changes = bed.changes("public.item").stream()
                .filter(change -> change.version().epoch() == epoch)
                .toList();
        Version lowest = changes.stream()
                .map(Change::version)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        assertThat(changes)
                .filteredOn(change -> change.version().equals(lowest))
                .hasSize(4)
                .allMatch(change -> change.operation() == Operation.TRUNCATE);
        assertThat(changes)
                .filteredOn(change -> change.operation() == Operation.READ)
                .singleElement()
                .satisfies(read -> assertThat(read.key().get("id").asInt()).isEqualTo(2));
        assertThat(bed.newestProgress().epoch()).isEqualTo(epoch);
        bed.close();
    }
}
