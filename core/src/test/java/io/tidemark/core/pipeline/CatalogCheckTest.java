package io.tidemark.core.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.CatalogCheck.Findings;
import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.ColumnType;
import io.tidemark.core.postgres.ColumnType.Kind;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.core.postgres.TableShape.ReplicaIdentity;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogCheckTest {
    private static final TableId PRODUCTS = new TableId("public", "products");

    @Test
    void a_pipeline_that_fits_its_tables_is_let_through() {
        PipelineFile file = file("product: {table: products, key: 'p:{id}', fields: [id, name], tags: ['n:{name}']}");

        Findings findings = check(file, shape(List.of("id"), "id", "name"));

        assertThat(findings.all()).isEmpty();
        findings.throwIfWrong(false);
    }

    @Test
    void every_column_that_is_not_there_is_named_with_its_place() {
        PipelineFile file = file("product: {table: products, key: 'p:{idd}', fields: [id, nam], tags: ['n:{naem}']}\n"
                + "  lean: {table: products, key: 'l:{id}', fields: {except: [wieght]}}\n"
                + "tables: {products: {columns: {critical: [xyz], ignored: [weigth]}}}");

        assertThat(texts(check(file, shape(List.of("id"), "id", "name", "weight"))))
                .containsExactly(
                        "t.yaml:3:35: caches.product.key: expected a column of public.products, found idd; did you mean"
                                + " id?",
                        "t.yaml:3:59: caches.product.fields: expected a column of public.products, found nam; did you"
                                + " mean name?",
                        "t.yaml:3:72: caches.product.tags: expected a column of public.products, found naem; did you"
                                + " mean name?",
                        "t.yaml:4:60: caches.lean.fields.except: expected a column of public.products, found wieght;"
                                + " did you mean weight?",
                        "t.yaml:5:42: tables.products.columns.critical: expected a column of public.products, found xyz;"
                                + " known are id, name, weight",
                        "t.yaml:5:58: tables.products.columns.ignored: expected a column of public.products, found"
                                + " weigth; did you mean weight?");
    }

    @Test
    void a_key_needs_the_whole_primary_key_and_nothing_else() {
        PipelineFile file = file("line: {table: products, key: 'l:{bill}'}");

        assertThat(texts(check(file, shape(List.of("bill", "no"), "bill", "no", "sku"))))
                .containsExactly(
                        "t.yaml:3:32: caches.line.key: expected the columns of the primary key of public.products"
                                + " and no other, like line:{bill}:{no}, found l:{bill}");
        assertThat(texts(check(file, shape(List.of("no"), "bill", "no")))).hasSize(1);
        assertThat(texts(check(file, shape(List.of("bill"), "bill", "no")))).isEmpty();
    }

    @Test
    void a_missing_table_and_one_without_a_primary_key_can_be_waited_for() {
        PipelineFile file = file("product: {table: products, key: 'p:{id}'}\ntables: {prodcts: {}, sales.bills: {}}");
        Findings findings = check(file, shape(List.of(), "id"));

        assertThat(findings.wrong()).isEmpty();
        assertThat(findings.unready().keySet())
                .containsExactly(new TableId("public", "prodcts"), PRODUCTS, new TableId("sales", "bills"));
        assertThat(texts(findings))
                .containsExactly(
                        "t.yaml:3:20: caches.product.table: expected public.products to have a primary key, found none;"
                                + " give it one: ALTER TABLE \"public\".\"products\" ADD PRIMARY KEY (\"id\")",
                        "t.yaml:4:10: tables.prodcts: expected the table public.prodcts, found none; did you mean"
                                + " public.products?",
                        "t.yaml:4:23: tables.sales.bills: expected the table sales.bills, found none; create it, or let"
                                + " the user of source.url see it: GRANT SELECT ON \"sales\".\"bills\" TO …");
        findings.throwIfWrong(true);
        assertThatThrownBy(() -> findings.throwIfWrong(false)).isInstanceOf(InvalidPipelineException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "int4, BASE, -1, true",
        "uuid, BASE, -1, true",
        "text, BASE, -1, true",
        "bpchar, BASE, 9, true",
        "bpchar, BASE, -1, false",
        "numeric, BASE, 655364, true",
        "numeric, BASE, -1, false",
        "float8, BASE, -1, false",
        "jsonb, BASE, -1, false",
        "bytea, BASE, -1, false",
        "mood, ENUM, -1, true",
        "_int4, ARRAY, -1, false",
        "int4range, RANGE, -1, false"
    })
    void only_a_type_whose_equal_values_have_equal_texts_can_stand_in_a_key(
            String type, Kind kind, int modifier, boolean can) {
        Column column =
                new Column("id", type, new ColumnType("pg_catalog", type, kind, modifier, null), true, false, false);

        assertThat(KeyTypes.objection(column).isEmpty()).isEqualTo(can);
    }

    @ParameterizedTest
    @CsvSource({"DEFAULT, true", "FULL, true", "NOTHING, false", "INDEX, false"})
    void a_replica_identity_that_hides_the_primary_key_is_refused(ReplicaIdentity identity, boolean good) {
        TableShape plain = shape(List.of("id"), "id");
        TableShape shape = new TableShape(PRODUCTS, plain.columns(), plain.primaryKey(), identity, false, "");
        Findings findings = check(file("product: {table: products, key: 'p:{id}'}"), shape);

        assertThat(findings.wrong().isEmpty()).isEqualTo(good);
        assertThat(texts(findings))
                .allMatch(text ->
                        text.endsWith("set the default: ALTER TABLE \"public\".\"products\" REPLICA IDENTITY DEFAULT"));
    }

    private static Findings check(PipelineFile file, TableShape shape) {
        return CatalogCheck.check(file, Map.of(shape.table(), shape), Set.of());
    }

    private static List<String> texts(Findings findings) {
        return findings.all().stream().map(PipelineProblem::text).toList();
    }

    private static TableShape shape(List<String> key, String... columns) {
        ColumnType type = new ColumnType("pg_catalog", "int8", Kind.BASE, -1, null);
        List<Column> all = Arrays.stream(columns)
                .map(name -> new Column(name, "bigint", type, key.contains(name), false, false))
                .toList();
        return new TableShape(PRODUCTS, all, key, ReplicaIdentity.DEFAULT, false, "");
    }

    private static PipelineFile file(String caches) {
        return PipelineFile.parse("t.yaml", ("tidemark: 1\ncaches:\n  " + caches + "\n").getBytes(UTF_8), Map.of());
    }
}
