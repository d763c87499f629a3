package io.tidemark.cachewriter.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.core.change.Change;
import io.tidemark.core.change.Operation;
import io.tidemark.core.change.TableId;
import io.tidemark.core.change.Version;
import io.tidemark.core.document.Format;
import io.tidemark.core.document.RowDocuments;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.pipeline.FieldSelection;
import io.tidemark.core.pipeline.KeyTemplate;
import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.ColumnType;
import io.tidemark.core.postgres.RowReader;
import io.tidemark.core.postgres.TableShape;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntryPlanTest {
    private static final TableId TABLE = new TableId("public", "item");
    private static final Partition PARTITION = new Partition("t", 0);
    private static final Target TARGET = target();

    private final EntryPlan plan = new EntryPlan(3, 1_000);

    @Test
    void newestVersionDecidesWhateverTheOrder() {
        add(1, Operation.UPDATE, 20, 100, PARTITION);
        add(1, Operation.UPDATE, 30, 101, PARTITION);
        add(1, Operation.DELETE, 10, 102, PARTITION);

        List<Planned> taken = plan.take();

        assertThat(taken).hasSize(1);
        assertThat(taken.get(0).newest().version().commitLsn()).isEqualTo(30);
        assertThat(taken.get(0).changes()).isEqualTo(3);
        assertThat(taken.get(0).oldestCommitMicros()).isEqualTo(10);
    }

    @Test
    void oneHotEntryDoesNotFillThePlan() {
        for (int i = 0; i < 9; i++) {
            add(1, Operation.UPDATE, i + 1, i, PARTITION);
        }
        assertThat(plan.isFull()).isFalse();
        add(2, Operation.UPDATE, 50, 50, PARTITION);
        add(3, Operation.UPDATE, 51, 51, PARTITION);
        assertThat(plan.isFull()).isTrue();
        assertThat(plan.take()).hasSize(3);
        assertThat(plan.isFull()).isFalse();
        assertThat(plan.take()).isEmpty();
    }

    @Test
    void bytesFillThePlanToo() {
        plan.add(
                TARGET,
                "item:1",
                key(1),
                change(1, Operation.UPDATE, 1),
                new Incoming(PARTITION, 1, new byte[10], new byte[1_000], name -> null));
        assertThat(plan.isFull()).isTrue();
    }

    @Test
    void everyRecordOfAnEntryWaitsForIt() {
        Partition other = new Partition("t", 1);
        add(1, Operation.UPDATE, 20, 101, PARTITION);
        add(1, Operation.UPDATE, 10, 100, PARTITION);
        add(1, Operation.UPDATE, 30, 7, other);
        Watermarks marks = new Watermarks();
        marks.seen(PARTITION, 101);
        marks.seen(other, 7);

        plan.take().get(0).leaveUnfinished(marks);

        assertThat(marks.outcome().again()).containsEntry(PARTITION, 100L).containsEntry(other, 7L);
    }

    private void add(int id, Operation operation, long lsn, long offset, Partition partition) {
        plan.add(
                TARGET,
                "item:" + id,
                key(id),
                change(id, operation, lsn),
                new Incoming(partition, offset, new byte[10], new byte[10], name -> null));
    }

    private static Change change(int id, Operation operation, long lsn) {
        ObjectNode row = operation.leavesRow() ? key(id) : null;
        return new Change(TABLE, operation, new Version(1, lsn, lsn, 1), lsn, key(id), null, row, false, false);
    }

    private static ObjectNode key(int id) {
        return JsonNodeFactory.instance.objectNode().put("id", id);
    }

    private static Target target() {
        ColumnType integer = new ColumnType("pg_catalog", "int4", ColumnType.Kind.BASE, -1, null);
        TableShape shape = new TableShape(
                TABLE,
                List.of(new Column("id", "integer", integer, true, false, false)),
                List.of("id"),
                TableShape.ReplicaIdentity.DEFAULT,
                false,
                "f");
        Cache cache = new Cache(
                "item", TABLE, KeyTemplate.parse("item:{id}"), FieldSelection.ALL, null, List.of(), Format.JSON);
        return new Target(cache, true, new RowDocuments(shape, name -> true), new RowReader(shape, name -> true));
    }
}
