package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Topics;
import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.ColumnType;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.core.postgres.TableShape.ReplicaIdentity;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What they do to records, {@code KafkaConnectIT} shows on a Connect cluster. */
class TruncateKeysTest {
    private static final Topics TOPICS = new Topics("shop");
    private static final ColumnType INT = new ColumnType("pg_catalog", "int4", ColumnType.Kind.BASE, -1, null);
    private static final TableId LINE = new TableId("public", "line");
    private static final TableId ODD = new TableId("public", "odd");

    @Test
    void everyColumnOfEveryKeyIsCalledAsBeforeAndOtherTopicsAreLeftAlone() {
        SortedMap<String, String> config = new TreeMap<>();
        config.put("transforms", "first");
        config.put("predicates", "some");
        TruncateKeys keys = TruncateKeys.of(
                TOPICS,
                List.of(LINE, new TableId("public", "product")),
                List.of(shape(LINE, "bill", "no"), shape(new TableId("public", "product"), "id")));
        keys.put(config);

        assertThat(keys.without()).isEmpty();
        assertThat(config)
                .containsEntry("transforms", "first,keyInField,keyFlat,keyAsBefore")
                .containsEntry("predicates", "some,isOfKnownKey")
                .containsEntry(
                        "transforms.keyAsBefore.renames",
                        "tidemark.truncate.bill:bill,tidemark.truncate.id:id,tidemark.truncate.no:no");
        assertThat("shop.public.line").matches(config.get("predicates.isOfKnownKey.pattern"));
        assertThat("shop.public.product").matches(config.get("predicates.isOfKnownKey.pattern"));
        assertThat("shop.public.products").doesNotMatch(config.get("predicates.isOfKnownKey.pattern"));
    }

    @Test
    void tablesWhoseKeysCannotBeRenamedOrAreNotKnownAreLeftAsTheyAreAndNamed() {
        SortedMap<String, String> config = new TreeMap<>();
        TruncateKeys keys = TruncateKeys.of(TOPICS, List.of(LINE, ODD), List.of(shape(ODD, "a:b")));
        keys.put(config);

        assertThat(keys.without()).containsExactly(LINE, ODD);
        assertThat(config).isEmpty();
    }

    private static TableShape shape(TableId table, String... key) {
        List<Column> columns = Arrays.stream(key)
                .map(name -> new Column(name, "integer", INT, true, false, false))
                .toList();
        return new TableShape(table, columns, List.of(key), ReplicaIdentity.DEFAULT, false, "");
    }
}
