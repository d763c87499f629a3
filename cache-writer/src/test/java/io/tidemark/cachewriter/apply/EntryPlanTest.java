package io.tidemark.cachewriter.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cachewriter.table.Target;
import io.tidemark.core.change.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntryPlanTest {
    private static final Partition PARTITION = new Partition("t", 0);
    private static final Target TARGET = Items.target();

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
                Items.key(1),
                Items.change(1, Operation.UPDATE, 1),
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
                Items.key(id),
                Items.change(id, operation, lsn),
                new Incoming(partition, offset, new byte[10], new byte[10], name -> null));
    }
}
