package io.tidemark.core.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.core.change.TableId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pipeline file says of caches that are read from the database. */
class QueryCachesTest {
    private static Pipeline parse(String yaml) {
        return PipelineFile.parse("t.yaml", ("tidemark: 1\n" + yaml).getBytes(UTF_8), Map.of())
                .pipeline();
    }

    @Test
    void a_querys_tables_are_followed_and_applied() {
        Pipeline pipeline = parse("""
                caches:
                  page:
                    query: select id, name from products
                    key: "page:{id}"
                    depends:
                      products: "{id}"
                      categories: {via: products, where: "category_id = :id"}
                """);

        assertThat(pipeline.followedTables()).containsExactly(TableId.parse("categories"), TableId.parse("products"));
        assertThat(pipeline.appliedTables()).isEqualTo(pipeline.followedTables());
        assertThat(pipeline.queries().caches().get(0).depends().get(0).ways())
                .isEqualTo(List.of(new Way.Columns(List.of("id"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "query: select id from t where id = :id, key: 'p:{id}', depends: {t: '{id}'}|4:5|expected a query of all rows",
                "query: 'select 1; select 2', key: 'p:{id}', depends: {t: '{id}'}|4:12|found a ; between two",
                "query: select a from t, key: 'p:{a}', depends: [t]|6:5|how the rows of each table name the keys",
                "query: select a from t, key: 'p:{a}', depends: {t: '{a}:{b}'}|6:18|a column of the row for each of the key's columns [a]",
                "query: select a from t, key: 'p:{a}', depends: {t: {via: u where: 'x = :id'}}|6:15|goes by way of public.u; which is not in depends",
                "query: select a from t, key: 'p:{a}', depends: {t: {via: u where: 'x = :id'}; u: {via: t where: 'y = :id'}}|6:15|goes round in a circle: public.t → public.u → public.t",
                "table: t, keys: 'p:{a}', ttl: 5x|6:10|like 90s",
                "table: t, index: 'p:i', member: x, score: a|6:13|without one; all rows are the same member",
            })
    void what_is_wrong_is_said_with_its_place_and_its_remedy(String settings, String place, String words) {
        StringBuilder yaml = new StringBuilder("caches:\n  p:\n");
        for (String setting : settings.split(", ")) {
            yaml.append("    ")
                    .append(setting.replace(" where:", ", where:").replace("; u:", ", u:"))
                    .append('\n');
        }

        assertThatThrownBy(() -> parse(yaml.toString()))
                .isInstanceOf(InvalidPipelineException.class)
                .hasMessageContaining("t.yaml:" + place + ":")
                .hasMessageContaining(words.replace(';', words.contains("between two") ? ';' : ','));
    }

    @Test
    void two_caches_that_could_share_a_key_are_refused_of_whatever_kind_they_are() {
        assertThatThrownBy(() -> parse("""
                caches:
                  product: {table: products, key: "product:{id}"}
                  index: {table: products, index: "product:all", member: "{id}", score: id}
                """)).hasMessageContaining("could have the same key");
    }
}
