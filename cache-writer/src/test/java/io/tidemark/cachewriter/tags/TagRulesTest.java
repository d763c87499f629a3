package io.tidemark.cachewriter.tags;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.Change;
import io.tidemark.core.change.Operation;
import io.tidemark.core.change.TableId;
import io.tidemark.core.change.Version;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.core.pipeline.TagTemplate;
import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.ColumnType;
import io.tidemark.core.postgres.ColumnType.Kind;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.core.postgres.TableShape.ReplicaIdentity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which tags a change makes stale, by what is known of the row before it. */
class TagRulesTest {
    private static final TableId TABLE = new TableId("public", "products");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SHOP_AND_CATEGORY = "- tags: ['shop:{shop}', 'category:{category}']";

    private long lsn = 100;

    @Test
    void movedRowLeavesTheOldTagAndEntersTheNewOne() throws Exception {
        TagRules rules = rules(SHOP_AND_CATEGORY, ReplicaIdentity.DEFAULT);
        TagRules.Verdict inserted = rules.of(insert(row(1, 7, 3, "tea", 5)), null);
        assertThat(inserted.tags()).containsExactlyInAnyOrder("shop:7", "category:3");

        TagRules.Verdict moved = rules.of(update(null, row(1, 7, 7, "tea", 5)), inserted.remember());
        assertThat(moved.tags()).containsExactlyInAnyOrder("shop:7", "category:3", "category:7");
        assertThat(moved.possible()).isEmpty();

        TagRules.Verdict deleted = rules.of(delete(null), moved.remember());
        assertThat(deleted.tags()).containsExactlyInAnyOrder("shop:7", "category:7");
        assertThat(deleted.remember()).as("so that the delete can come again").isEqualTo(moved.remember());
    }

    @Test
    void fullReplicaIdentitySaysWhatWasBeforeWithoutAMemory() throws Exception {
        TagRules rules = rules(SHOP_AND_CATEGORY, ReplicaIdentity.FULL);
        assertThat(rules.remembers()).isFalse();
        TagRules.Verdict moved = rules.of(update(row(1, 7, 3, "tea", 5), row(1, 7, 7, "tea", 5)), null);
        assertThat(moved.tags()).containsExactlyInAnyOrder("shop:7", "category:3", "category:7");
        assertThat(moved.remember()).isNull();
        assertThat(rules.of(delete(row(1, 7, 7, "tea", 5)), null).tags())
                .containsExactlyInAnyOrder("shop:7", "category:7");
    }

    @Test
    void everyTagOfTheTemplatesIsPossibleWhereNobodyKnowsWhatWasBefore() throws Exception {
        TagRules rules = rules("- tags: [products, 'product:{id}', 'category:{category}']", ReplicaIdentity.DEFAULT);
        TagRules.Verdict updated = rules.of(update(null, row(1, 7, 7, "tea", 5)), null);
        assertThat(updated.tags()).containsExactlyInAnyOrder("products", "product:1", "category:7");
        assertThat(updated.possible()).extracting(TagTemplate::toString).containsExactly("category:{category}");
        assertThat(rules.of(delete(null), null).tags()).containsExactlyInAnyOrder("products", "product:1");
        assertThat(rules.everything().tags()).containsExactly("products");
        assertThat(rules.everything().possible()).hasSize(2);
    }

    @Test
    void ignoredColumnMakesNothingStaleAndOthersDo() throws Exception {
        TagRules rules = rules(SHOP_AND_CATEGORY, ReplicaIdentity.DEFAULT);
        String remembered = rules.of(insert(row(1, 7, 3, "tea", 5)), null).remember();
        ObjectNode viewed = row(1, 7, 3, "tea", 5).put("views", 99);
        assertThat(rules.of(update(null, viewed), remembered).tags()).isEmpty();
        ObjectNode cheaper = row(1, 7, 3, "tea", 4);
        assertThat(rules.of(update(null, cheaper), remembered).tags())
                .containsExactlyInAnyOrder("shop:7", "category:3");
    }

    @Test
    void criticalRuleCountsOnlyCriticalColumnsAndItsOwn() throws Exception {
        TagRules rules = rules(
                "- {tags: ['shop:{shop}'], when: critical}\n      - tags: ['product:{id}']", ReplicaIdentity.DEFAULT);
        String remembered = rules.of(insert(row(1, 7, 3, "tea", 5)), null).remember();
        assertThat(rules.of(update(null, row(1, 7, 3, "tea", 4)), remembered).tags())
                .containsExactly("product:1");
        assertThat(rules.of(update(null, row(1, 7, 3, "milk", 5)), remembered).tags())
                .containsExactlyInAnyOrder("product:1", "shop:7");
        assertThat(rules.of(update(null, row(1, 8, 3, "tea", 5)), remembered).tags())
                .containsExactlyInAnyOrder("product:1", "shop:7", "shop:8");
    }

    @Test
    void namedColumnsAndOperationsAndConditionsDecide() throws Exception {
        TagRules rules = rules(
                "- {tags: ['shop:{shop}:prices'], columns: [price], on: [update], if: {name: [tea, milk]}}",
                ReplicaIdentity.FULL);
        assertThat(rules.of(insert(row(1, 7, 3, "tea", 5)), null).tags()).isEmpty();
        assertThat(rules.of(update(row(1, 7, 3, "tea", 5), row(1, 7, 4, "tea", 5)), null)
                        .tags())
                .isEmpty();
        assertThat(rules.of(update(row(1, 7, 3, "tea", 5), row(1, 7, 3, "tea", 4)), null)
                        .tags())
                .containsExactly("shop:7:prices");
        assertThat(rules.of(update(row(1, 7, 3, "ink", 5), row(1, 7, 3, "ink", 4)), null)
                        .tags())
                .isEmpty();
        assertThat(rules.of(update(row(1, 7, 3, "tea", 5), row(1, 7, 3, "ink", 5)), null)
                        .tags())
                .as("it has left the condition")
                .containsExactly("shop:7:prices");
    }

    @Test
    void columnThatIsNullMakesNoTag() throws Exception {
        TagRules rules = rules(SHOP_AND_CATEGORY, ReplicaIdentity.FULL);
        ObjectNode without = row(1, 7, 3, "tea", 5);
        without.putNull("category");
        assertThat(rules.of(insert(without), null).tags()).containsExactly("shop:7");
    }

    @Test
    void unchangedLargeValueIsNoChange() throws Exception {
        TagRules rules = rules(SHOP_AND_CATEGORY, ReplicaIdentity.DEFAULT);
        String remembered = rules.of(insert(row(1, 7, 3, "long text", 5)), null).remember();
        ObjectNode untouched = row(1, 7, 3, "__debezium_unavailable_value", 5).put("views", 99);
        TagRules.Verdict verdict = rules.of(update(null, untouched), remembered);
        assertThat(verdict.tags()).isEmpty();
        assertThat(rules.of(update(null, row(1, 7, 3, "other text", 5)), verdict.remember())
                        .tags())
                .isNotEmpty();
    }

    @Test
    void memoryOfOtherRulesIsNotTrusted() throws Exception {
        String remembered = rules("- tags: ['shop:{shop}']", ReplicaIdentity.DEFAULT)
                .of(insert(row(1, 7, 3, "tea", 5)), null)
                .remember();
        TagRules.Verdict verdict = rules("- tags: ['category:{category}']", ReplicaIdentity.DEFAULT)
                .of(update(null, row(1, 7, 7, "tea", 5)), remembered);
        assertThat(verdict.tags()).containsExactly("category:7");
        assertThat(verdict.possible()).hasSize(1);
    }

    @Test
    void nothingIsRememberedWhereTheKeySaysAll() throws Exception {
        assertThat(rules("- tags: [products, 'product:{id}']", ReplicaIdentity.DEFAULT, "")
                        .remembers())
                .isFalse();
        assertThat(rules("- tags: ['product:{id}']", ReplicaIdentity.DEFAULT).remembers())
                .isTrue();
    }

    @Test
    void valuesAreEncodedInTags() throws Exception {
        TagRules rules = rules("- tags: ['name:{name}']", ReplicaIdentity.FULL);
        assertThat(rules.of(insert(row(1, 7, 3, "green {tea}", 5)), null).tags())
                .containsExactly("name:green%20%7Btea%7D");
    }

    private static TagRules rules(String invalidates, ReplicaIdentity identity) throws Exception {
        return rules(invalidates, identity, "columns: {critical: [name], ignored: [views]}");
    }

    private static TagRules rules(String invalidates, ReplicaIdentity identity, String columns) throws Exception {
        String yaml = "tidemark: 1\ntables:\n  public.products:\n    " + columns + "\n    invalidates:\n      "
                + invalidates + "\n";
        Pipeline pipeline =
                PipelineFile.parse("t.yaml", yaml.getBytes(UTF_8), Map.of()).pipeline();
        TableShape shape = new TableShape(
                TABLE,
                List.of(
                        column("id", "int4", false),
                        column("shop", "int4", false),
                        column("category", "int4", false),
                        column("name", "text", true),
                        column("price", "int4", false),
                        column("views", "int4", false)),
                List.of("id"),
                identity,
                false,
                "f");
        return new TagRules(shape, pipeline.invalidationsOf(TABLE), pipeline.rulesOf(TABLE));
    }

    private static Column column(String name, String type, boolean toastable) {
        return new Column(name, type, new ColumnType("pg_catalog", type, Kind.BASE, -1, null), false, false, toastable);
    }

    private static ObjectNode row(int id, int shop, int category, String name, int price) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("shop", shop)
                .put("category", category)
                .put("name", name)
                .put("price", price)
                .put("views", 1);
    }

    private Change insert(ObjectNode after) {
        return change(Operation.CREATE, null, after);
    }

    private Change update(ObjectNode before, ObjectNode after) {
        return change(Operation.UPDATE, before, after);
    }

    private Change delete(ObjectNode before) {
        return change(Operation.DELETE, before, null);
    }

    private Change change(Operation operation, ObjectNode before, ObjectNode after) {
        lsn += 8;
        return new Change(
                TABLE,
                operation,
                new Version(1, lsn, lsn, 1),
                0,
                JSON.createObjectNode().put("id", 1),
                before,
                after,
                false,
                false);
    }
}
