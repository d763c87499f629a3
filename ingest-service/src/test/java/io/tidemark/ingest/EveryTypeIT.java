package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.core.change.Change;
import io.tidemark.core.change.TableId;
import io.tidemark.core.document.DocumentOutcome;
import io.tidemark.core.document.DocumentOutcome.Exact;
import io.tidemark.core.document.DocumentOutcome.ReadAgain;
import io.tidemark.core.document.DocumentOutcome.Reason;
import io.tidemark.core.document.JsonValues;
import io.tidemark.core.document.RowDocuments;
import io.tidemark.core.postgres.Catalog;
import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.ColumnType;
import io.tidemark.core.postgres.ExactJson;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.ingest.EveryType.Carried;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * One table with a column of every type, changed at random from a seed: whatever the real stream carries of each column
 * and is said to be exact equals {@code to_jsonb} of the row as it was just then.
 */
class EveryTypeIT {
    private static final TableId TABLE = new TableId("public", "every");
    private static final int ROWS_BEFORE = 100;
    private static final int CHANGES = 2_000;

    /** A change and what {@code to_jsonb} gave right after the statement that made it. */
    private record Seen(Change change, JsonNode expected) {}

    /** What became of one column over all changes. */
    private static final class Tally {
        int exact;
        int unchanged;
        int inexact;
        final List<String> wrong = new ArrayList<>();
    }

    private static TableShape shape;
    private static List<Seen> seen;

    private static Map<String, Tally> tallies;
    private static TestBed bed;

    @BeforeAll
    static void changeAndFollow() throws Exception {
        long seed = Long.getLong("tidemark.seed", System.nanoTime() & 0xFFFFFF);
        System.out.println("EveryTypeIT: seed " + seed + " (replay with -Dtidemark.seed=" + seed + ")");
        bed = new TestBed("every");
        bed.sql(EveryType.TYPES.toArray(String[]::new));
        try (Connection connection = bed.connect()) {
            RandomRows rows = new RandomRows(connection, seed);
            rows.createTable();
            rows.insert(ROWS_BEFORE);
            bed.startAndCatchUp();
            rows.change(CHANGES / 2);
            bed.sql("alter table every replica identity full");
            rows.change(CHANGES / 2);
            bed.awaitCaughtUp();
            shape = new Catalog(connection).shapes(List.of(TABLE)).get(TABLE);
            seen = match(rows.expected());
            tallies = new TreeMap<>();
            shape.columns().forEach(column -> tallies.put(column.name(), tally(shape, column)));
        }
    }

    @AfterAll
    static void stop() throws SQLException {
        bed.close();
    }

    /** A row's changes are all on one partition, in the order they were made. */
    private static List<Seen> match(Map<Long, List<String>> expected) throws IOException {
        Map<Long, Integer> next = new TreeMap<>();
        List<Seen> matched = new ArrayList<>();
        for (Change change : bed.changes("public.every")) {
            if (change.operation().leavesRow()) {
                long id = change.key().get("id").longValue();
                String document = expected.get(id).get(next.merge(id, 1, Integer::sum) - 1);
                matched.add(new Seen(change, ExactJson.reader().readTree(document)));
            }
        }
        assertThat(matched)
                .as("changes that arrived")
                .hasSize(expected.values().stream().mapToInt(List::size).sum());
        return matched;
    }

    @Test
    void what_is_exact_equals_to_jsonb() {
        assertThat(tallies.values().stream().flatMap(tally -> tally.wrong.stream()))
                .isEmpty();
    }

    @Test
    void no_type_is_read_again_without_need() {
        for (int i = 0; i < EveryType.ALL.size(); i++) {
            EveryType type = EveryType.ALL.get(i);
            Tally tally = tallies.get(EveryType.column(i));
            switch (type.carried()) {
                case EXACTLY -> assertThat(tally.inexact).as(type.type()).isZero();
                case MOSTLY -> assertThat(tally.exact).as(type.type()).isGreaterThan(seen.size() / 4);
                case NEVER -> assertThat(tally.exact).as(type.type()).isZero();
            }
        }
        assertThat(tallies.get("c" + indexOf("text")).unchanged)
                .as("unchanged large texts")
                .isPositive();
    }

    @Test
    void whole_rows_are_exact_when_every_column_is() {
        List<String> exact = IntStream.range(0, EveryType.ALL.size())
                .filter(i -> EveryType.ALL.get(i).carried() == Carried.EXACTLY)
                .mapToObj(EveryType::column)
                .toList();
        RowDocuments documents = new RowDocuments(shape, name -> exact.contains(name) || name.equals("id"));

        assertThat(seen.stream().map(each -> documents.of(each.change())).filter(Exact.class::isInstance))
                .hasSizeGreaterThan(seen.size() / 10);
    }

    @Test
    void a_wrong_mapping_would_be_found() {
        assertThat(wrongly("money", "text")).isNotEmpty();
        assertThat(wrongly("timestamp", "time")).isNotEmpty();
        assertThat(wrongly("varbit", "text")).isNotEmpty();
        assertThat(wrongly("json", "text")).isNotEmpty();
        assertThat(wrongly("varchar(9000)", "bytea")).isNotEmpty();
    }

    /** What is wrong when one type is taken for another. */
    private static List<String> wrongly(String type, String takenFor) {
        String name = EveryType.column(indexOf(type));
        List<Column> columns = shape.columns().stream()
                .map(column -> column.name().equals(name)
                        ? new Column(
                                name,
                                takenFor,
                                new ColumnType("pg_catalog", takenFor, ColumnType.Kind.BASE, -1, null),
                                false,
                                false,
                                true)
                        : column)
                .toList();
        TableShape mistaken =
                new TableShape(TABLE, columns, shape.primaryKey(), shape.replicaIdentity(), false, shape.fingerprint());
        return tally(mistaken, mistaken.column(name).orElseThrow()).wrong;
    }

    private static int indexOf(String type) {
        return IntStream.range(0, EveryType.ALL.size())
                .filter(i -> EveryType.ALL.get(i).type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static Tally tally(TableShape table, Column column) {
        RowDocuments documents = new RowDocuments(table, column.name()::equals);
        Tally tally = new Tally();
        seen.forEach(each -> count(column, documents.of(each.change()), each.expected(), tally));
        return tally;
    }

    private static void count(Column column, DocumentOutcome outcome, JsonNode expected, Tally tally) {
        if (outcome instanceof Exact exact) {
            JsonNode value = value(exact, column);
            if (JsonValues.equal(value, expected.get(column.name()))) {
                tally.exact++;
            } else {
                tally.wrong.add(column.declaredType() + ": " + shortly(value) + " instead of "
                        + shortly(expected.get(column.name())));
            }
        } else if (outcome instanceof ReadAgain again) {
            if (again.reason() == Reason.SHAPE_DIFFERS) {
                tally.wrong.add(column.declaredType() + " does not look like its shape");
            } else if (again.reason() == Reason.UNCHANGED_VALUE) {
                tally.unchanged++;
            } else {
                tally.inexact++;
            }
        }
    }

    private static JsonNode value(Exact exact, Column column) {
        try {
            return ExactJson.reader().readTree(exact.json()).get(column.name());
        } catch (IOException e) {
            throw new AssertionError("the document is no JSON", e);
        }
    }

    private static String shortly(JsonNode value) {
        String text = value.toString();
        return text.length() > 200 ? text.substring(0, 200) + "…" : text;
    }
}
