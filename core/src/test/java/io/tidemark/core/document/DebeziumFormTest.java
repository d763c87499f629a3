package io.tidemark.core.document;

import static io.tidemark.core.document.Shapes.column;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DebeziumFormTest {

    @Test
    void a_snapshot_reads_early_dates_as_ones_that_are_read_again() {
        Map<String, String> settings = DebeziumForm.settings(
                List.of(Shapes.table(column("id", "int4"), column("a \"day\"", "domain/date"), column("t", "text"))));

        assertThat(settings)
                .containsEntry("snapshot.select.statement.overrides", "public.t")
                .containsEntry(
                        "snapshot.select.statement.overrides.public.t",
                        "select \"id\", case when \"a \"\"day\"\"\" < date '1583-01-01' then date '5000000-01-01'"
                                + " else \"a \"\"day\"\"\" end as \"a \"\"day\"\"\", \"t\" from only \"public\".\"t\"");
    }

    @Test
    void tables_without_dates_are_read_as_they_are() {
        assertThat(DebeziumForm.settings(List.of(Shapes.table(column("id", "int4")))))
                .doesNotContainKey("snapshot.select.statement.overrides")
                .containsEntry("time.precision.mode", "microseconds");
    }
}
