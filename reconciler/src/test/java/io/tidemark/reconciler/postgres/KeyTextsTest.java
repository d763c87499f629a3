package io.tidemark.reconciler.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.change.TableId;
import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.ColumnType;
import io.tidemark.core.postgres.ColumnType.Kind;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.core.postgres.TableShape.ReplicaIdentity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyTextsTest {

    @ParameterizedTest
    @CsvSource({
        "int8, 42, 42",
        "int8, 042,",
        "int8, +42,",
        "int8, x,",
        "int8, -9223372036854775808, -9223372036854775808",
        "int8, 9223372036854775808,",
        "int2, 32768,",
        "oid, 4294967295, 4294967295",
        "numeric, 1.50, 1.50",
        "numeric, 1e5,",
        "bool, true, true",
        "bool, t,",
        "uuid, 00000000-0000-0000-0000-00000000000a, \"00000000-0000-0000-0000-00000000000a\"",
        "uuid, 00000000-0000-0000-0000-00000000000A,",
        "text, 042, \"042\"",
        "date, 2026-01-02, \"2026-01-02\""
    })
    void only_what_postgres_writes_is_a_value_of_the_column(String type, String text, String json) {
        Column column =
                new Column("id", type, new ColumnType("pg_catalog", type, Kind.BASE, -1, null), true, false, false);
        TableShape shape = new TableShape(
                new TableId("public", "t"), List.of(column), List.of("id"), ReplicaIdentity.DEFAULT, false, "");

        assertThat(KeyTexts.key(shape, Map.of("id", text))
                        .map(key -> key.get("id").toString())
                        .orElse(null))
                .isEqualTo(json);
    }
}
