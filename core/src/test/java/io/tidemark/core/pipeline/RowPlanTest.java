package io.tidemark.core.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.Operation;
import io.tidemark.core.change.TableId;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a change of a row comes to, by the file alone. */
class RowPlanTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final TableId PRODUCTS = TableId.parse("public.products");
    private static final Pipeline PIPELINE =
            PipelineFile.parse("t.yaml", """
                    tidemark: 1
                    tables:
                      public.products:
                        columns: {critical: [name], ignored: [views]}
                        invalidates:
                          - {tags: ["shop:{shop_id}:products"], when: critical}
                          - {tags: [sold-out], if: {stock: ["0"]}}
                    caches:
                      product: {table: public.products, key: "product:{id}"}
                    """.getBytes(UTF_8), Map.of()).pipeline();

    @Test
    void anUpdateWritesItsEntryAndMakesTagsOfBothSidesStale() throws Exception {
        RowPlan plan = plan(
                Operation.UPDATE,
                "{\"id\":1,\"name\":\"a\",\"shop_id\":7,\"stock\":1}",
                "{\"id\":1,\"name\":\"b\",\"shop_id\":8,\"stock\":1,\"views\":3}");
        assertThat(plan.writes()).singleElement().satisfies(write -> {
            assertThat(write.key()).isEqualTo("product:1");
            assertThat(write.metaKey()).isEqualTo("tm:{product:1}");
            assertThat(write.call()).isEqualTo("tm_put");
            assertThat(write.fields()).containsExactly("id", "name", "shop_id", "stock");
        });
        assertThat(plan.tags()).containsExactly("shop:7:products", "shop:8:products");
        assertThat(plan.changed()).containsExactly("name", "shop_id", "views");
    }

    @Test
    void ofAHashTheFieldsThatAreNotNullAreSaid() throws Exception {
        Pipeline pipeline = PipelineFile.parse(
                        "t.yaml",
                        "tidemark: 1\ncaches: {p: {table: products, key: 'p:{id}', format: hash}, q: {table: products, key: 'q:{id}', compress: 1kB}}"
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        java.util.Map.of())
                .pipeline();
        RowPlan plan =
                RowPlan.of(pipeline, PRODUCTS, Operation.CREATE, null, object("{\"id\":1,\"name\":null,\"stock\":2}"));
        assertThat(plan.writes())
                .extracting(write -> write.key() + " " + write.format() + " " + write.fields())
                .containsExactly("p:1 hash [id, stock]", "q:1 json, gzip from 1024 B [id, name, stock]");
    }

    @Test
    void anIgnoredColumnMakesNothingStale() throws Exception {
        String row = "{\"id\":1,\"name\":\"a\",\"shop_id\":7,\"stock\":1,\"views\":";
        assertThat(plan(Operation.UPDATE, row + "1}", row + "2}").tags()).isEmpty();
        assertThat(plan(Operation.UPDATE, null, row + "2}").tags()).containsExactly("shop:7:products");
    }

    @Test
    void aDeleteRemovesTheEntryAndAConditionMustHold() throws Exception {
        RowPlan plan = plan(Operation.DELETE, null, "{\"id\":1,\"name\":\"a\",\"shop_id\":7,\"stock\":0}");
        assertThat(plan.writes())
                .singleElement()
                .extracting(RowPlan.Write::call)
                .isEqualTo("tm_evict");
        assertThat(plan.tags()).containsExactly("shop:7:products", "sold-out");
    }

    @Test
    void aChangedKeyRemovesTheOldEntry() throws Exception {
        String rest = ",\"name\":\"a\",\"shop_id\":7,\"stock\":1}";
        assertThat(plan(Operation.UPDATE, "{\"id\":1" + rest, "{\"id\":2" + rest)
                        .writes())
                .extracting(write -> write.call() + " " + write.key())
                .containsExactly("tm_evict product:1", "tm_put product:2");
    }

    @Test
    void aRowWithoutTheKeysColumnIsRefusedByItsName() {
        assertThatThrownBy(() -> plan(Operation.UPDATE, null, "{\"name\":\"a\"}"))
                .hasMessageContaining("column id");
    }

    private static RowPlan plan(Operation operation, String before, String row) throws Exception {
        return RowPlan.of(PIPELINE, PRODUCTS, operation, before == null ? null : object(before), object(row));
    }

    private static ObjectNode object(String json) throws Exception {
        return (ObjectNode) JSON.readTree(json);
    }
}
