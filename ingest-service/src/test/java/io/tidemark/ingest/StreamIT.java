package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.change.Change;
import io.tidemark.core.change.Operation;
import io.tidemark.core.change.Version;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

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
            assertThat(changes)
                    .filteredOn(change -> change.operation() == Operation.READ)
                    .hasSize(100);
            assertThat(changes)
                    .filteredOn(change -> change.operation() == Operation.UPDATE)
                    .hasSize(10);
            assertThat(changes)
                    .filteredOn(change -> change.operation() == Operation.DELETE)
                    .hasSize(1);
            Version newestRead = newest(changes, Operation.READ);
            assertThat(changes)
                    .filteredOn(change -> change.operation() != Operation.READ)
                    .allSatisfy(change ->
                            assertThat(change.version().isNewerThan(newestRead)).isTrue());
            assertThat(bed.newestProgress().endOffsets().get(bed.topic("public.item")).stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(bed.records(bed.topic("public.item")).size());
        }
    }

    private static Version newest(List<Change> changes, Operation operation) {
        return changes.stream()
                .filter(change -> change.operation() == operation)
                .map(Change::version)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }
}
