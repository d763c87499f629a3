package io.tidemark.core.document;

import static io.tidemark.core.document.Shapes.column;
import static io.tidemark.core.document.Shapes.table;
import static io.tidemark.core.document.Shapes.update;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.core.change.Change;
import io.tidemark.core.change.UnreadableChangeException;
import io.tidemark.core.document.DocumentOutcome.Exact;
import io.tidemark.core.document.DocumentOutcome.ReadAgain;
import io.tidemark.core.document.DocumentOutcome.Reason;
import io.tidemark.core.postgres.TableShape;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowDocumentsTest {
    private static final TableShape PRODUCT =
            table(column("id", "int8"), column("Weird \"name\"", "text"), column("views", "int4"));
    private static final String DOCUMENT = "{\"id\":1,\"views\":7,\"Weird \\\"name\\\"\":\"x\"}";
    private static final String ROW = "{\"id\":1,\"Weird \\\"name\\\"\":\"x\",\"views\":7}";

    @Test
    void a_document_has_every_column_by_its_name() {
        assertThat(json(new RowDocuments(PRODUCT, name -> true).of(update("{\"id\":1}", ROW))))
                .isEqualTo(DOCUMENT);
    }

    @Test
    void members_are_in_the_order_of_jsonb_shorter_names_first_then_by_bytes() {
        TableShape shape = table(column("zz", "int4"), column("é", "int4"), column("b", "int4"), column("aaa", "int4"));

        assertThat(json(new RowDocuments(shape, name -> true)
                        .of(update("{\"zz\":1}", "{\"zz\":1,\"é\":2,\"b\":3,\"aaa\":4}"))))
                .isEqualTo("{\"b\":3,\"zz\":1,\"é\":2,\"aaa\":4}");
    }

    @Test
    void a_snapshot_row_gives_the_same_document() {
        Change read = Shapes.change("r", "{\"id\":1}", ROW);

        assertThat(json(new RowDocuments(PRODUCT, name -> true).of(read))).isEqualTo(DOCUMENT);
    }

    @Test
    void columns_outside_the_selection_are_neither_written_nor_looked_at() {
        TableShape shape = table(column("id", "int8"), column("span", "interval"), column("big", "text"));
        Change change = update(
                "{\"id\":1}",
                "{\"id\":1,\"span\":\"P0Y0M0DT0H0M0S\",\"big\":\"__debezium_unavailable_value\",\"new\":5}");

        assertThat(json(new RowDocuments(shape, Set.of("id")::contains).of(change)))
                .isEqualTo("{\"id\":1}");
    }

    @Test
    void a_column_the_shape_does_not_know_refreshes_it() {
        Change change = update("{\"id\":1}", "{\"id\":1,\"Weird \\\"name\\\"\":\"x\",\"views\":7,\"added\":1}");

        assertThat(new RowDocuments(PRODUCT, name -> true).of(change)).isEqualTo(new ReadAgain(Reason.SHAPE_DIFFERS));
    }

    @Test
    void a_column_the_change_lacks_refreshes_the_shape() {
        Change change = update("{\"id\":1}", "{\"id\":1,\"views\":7}");

        assertThat(new RowDocuments(PRODUCT, name -> true).of(change)).isEqualTo(new ReadAgain(Reason.SHAPE_DIFFERS));
    }

    @Test
    void columns_that_the_stream_never_carries_do_not_refresh_the_shape() {
        TableShape shape = table(
                column("id", "int8"), Shapes.generated(column("doubled", "int8")), column("prices", "extension.cube"));

        assertThat(new RowDocuments(shape, name -> true).of(update("{\"id\":1}", "{\"id\":1}")))
                .isEqualTo(new ReadAgain(Reason.INEXACT_TYPE));
    }

    @Test
    void a_row_left_out_for_its_size_is_read_again() {
        Change change = update("{\"id\":1}", ROW);
        Change tooLarge = new Change(
                change.table(),
                change.operation(),
                change.version(),
                change.committedAtMicros(),
                change.key(),
                null,
                null,
                false,
                true);

        assertThat(new RowDocuments(PRODUCT, name -> true).of(tooLarge))
                .isEqualTo(new ReadAgain(Reason.VALUE_LEFT_OUT));
    }

    @Test
    void changes_from_before_a_change_of_shape_are_not_taken() {
        Change committedAt300 = update("{\"id\":1}", ROW);

        assertThat(new RowDocuments(PRODUCT, name -> true, 300).of(committedAt300))
                .isEqualTo(new ReadAgain(Reason.SHAPE_DIFFERS));
        assertThat(json(new RowDocuments(PRODUCT, name -> true, 299).of(committedAt300)))
                .isEqualTo(DOCUMENT);
    }

    @Test
    void a_delete_has_no_document() {
        Change delete = Shapes.change("d", "{\"id\":1}", "null");

        assertThatThrownBy(() -> new RowDocuments(PRODUCT, name -> true).of(delete))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_key_has_the_columns_in_the_keys_order_and_as_to_jsonb_gives_them() {
        TableShape shape = table(
                List.of("day", "code", "no", "amount"),
                column("no", "int8"),
                column("code", "bpchar"),
                column("day", "date"),
                column("amount", "numeric"));
        Change change = update(
                "{\"no\":9007199254740993,\"code\":\"ab \",\"day\":19782,\"amount\":\"1.50\"}",
                "{\"no\":9007199254740993,\"code\":\"ab \",\"day\":19782,\"amount\":\"1.50\"}");

        assertThat(new RowDocuments(shape, name -> true).keyOf(change))
                .hasToString("{\"day\":\"2024-02-29\",\"code\":\"ab \",\"no\":9007199254740993,\"amount\":1.50}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "int8 | {\"no\":4711}      | expected column id of public.t's primary key, found none",
                "int8 | {\"id\":null}      | expected column id of public.t's primary key, found null",
                "int8 | {\"id\":\"4711\"}  | a value of public.t's column id",
                "date | {\"id\":-47114711} | a value of public.t's column id",
            })
    void a_key_that_does_not_fit_is_named_without_its_value(String type, String key, String message) {
        RowDocuments documents = new RowDocuments(table(column("id", type)), name -> true);

        assertThatThrownBy(() -> documents.keyOf(update(key, "{\"id\":1}")))
                .isInstanceOf(UnreadableChangeException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("4711");
    }

    private static String json(DocumentOutcome outcome) {
        assertThat(outcome).isInstanceOf(Exact.class);
        return new String(((Exact) outcome).json(), UTF_8);
    }
}
