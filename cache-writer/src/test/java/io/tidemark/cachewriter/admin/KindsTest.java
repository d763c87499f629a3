package io.tidemark.cachewriter.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.cachewriter.jobs.RefusedException;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.PipelineFile;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** What people mean by kinds of data. */
class KindsTest {
    private static final Pipeline PIPELINE =
            PipelineFile.parse("t.yaml", """
            tidemark: 1
            tables:
              public.products: {invalidates: [{tags: ["shop:{shop_id}:dashboard", "product:{id}"]}]}
            caches:
              product: {table: public.products, key: "product:{id}", tags: [products, "shop:{shop_id}"]}
              customer: {table: public.customers, key: "customer:{id}", tags: [customers]}
              list: {query: "select id from products", key: all_products, depends: [public.products]}
            """.getBytes(UTF_8), Map.of()).pipeline();

    private final Kinds kinds = new Kinds(PIPELINE, () -> Set.of("product", "cart", "all_products"));

    @Test
    void aKindIsACacheOrATagWithTheQueriesOfItsTables() {
        assertThat(kinds.of(List.of("products")).get("products"))
                .isEqualTo(new Kinds.Kind(List.of("product", "list"), List.of()));
        assertThat(kinds.of(List.of("customer")).get("customer"))
                .isEqualTo(new Kinds.Kind(List.of("customer"), List.of()));
        assertThat(kinds.of(List.of("list")).get("list")).isEqualTo(new Kinds.Kind(List.of("list"), List.of()));
    }

    @Test
    void whatApplicationsFillIsAKindByItsNameOrByTheTagsOfChanges() {
        assertThat(kinds.of(List.of("dashboard")).get("dashboard"))
                .isEqualTo(new Kinds.Kind(List.of(), List.of("dashboard")));
        assertThat(kinds.of(List.of("cart")).get("cart")).isEqualTo(new Kinds.Kind(List.of(), List.of("cart")));
    }

    @Test
    void allIsEverything() {
        assertThat(kinds.of(List.of("all")).get("all"))
                .isEqualTo(new Kinds.Kind(List.of("product", "customer", "list"), List.of("cart")));
    }

    @Test
    void anUnknownKindIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> kinds.of(List.of("products", "prodcts")))
                .hasMessage("nothing is of the kind prodcts")
                .asInstanceOf(InstanceOfAssertFactories.type(RefusedException.class))
                .extracting(RefusedException::remedy)
                .isEqualTo("use all, or some of cart, customer, customers, dashboard, list, product, products, shop");
    }
}
