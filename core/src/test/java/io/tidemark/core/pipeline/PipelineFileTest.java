package io.tidemark.core.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.change.TableId;
import io.tidemark.core.document.Format;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PipelineFileTest {
    private static final String WHOLE = """
            tidemark: 1
            source: {url: "postgresql://tidemark@db.internal/shop?sslmode=require", slot: s1, publication: p1}
            kafka: {bootstrap: "kafka:9092", prefix: shop, partitions: 8, replication: 3, properties: {a.b: "c"}}
            redis: {url: "rediss://app:p%40ss@cache_1.internal/2"}
            tables:
              public.products:
                columns: {critical: [name, barcode, stock], ignored: [view_count, last_accessed_at]}
              public.audit:
            caches:
              product:
                table: public.products
                key: "product:{id}"
                ttl: 2h
                fields: [id, name, price]
                tags: [products, "category:{category_id}"]
              product-full:
                table: products
                key: "full:{id}"
              product_lean:
                table: products
                key: "lean:{id}"
                fields: {except: [description]}
            """;

    @Test
    void a_whole_file_is_read() {
        Pipeline pipeline = read(WHOLE);
        TableId products = new TableId("public", "products");

        assertThat(pipeline.source().database())
                .isEqualTo(new Database("db.internal", 5432, "shop", "tidemark", null, SslMode.REQUIRE));
        assertThat(pipeline.source().slot()).isEqualTo("s1");
        assertThat(pipeline.source().publication()).isEqualTo("p1");
        assertThat(pipeline.kafka())
                .isEqualTo(new KafkaSettings("kafka:9092", "shop", 8, 3, Map.of("a.b", new Secret("c"))));
        assertThat(pipeline.redis().requireServer())
                .isEqualTo(new RedisSettings.Server("cache_1.internal", 6379, true, 2, "app", new Secret("p@ss")));
        assertThat(pipeline.followedTables()).containsExactly(new TableId("public", "audit"), products);
        assertThat(pipeline.rulesOf(products).critical()).containsExactlyInAnyOrder("name", "barcode", "stock");
        assertThat(pipeline.caches())
                .containsExactly(
                        new Cache(
                                "product",
                                products,
                                KeyTemplate.parse("product:{id}"),
                                new FieldSelection.Only(Set.of("id", "name", "price")),
                                Duration.ofHours(2),
                                List.of(TagTemplate.parse("products"), TagTemplate.parse("category:{category_id}")),
                                Format.JSON),
                        new Cache(
                                "product-full",
                                products,
                                KeyTemplate.parse("full:{id}"),
                                new FieldSelection.AllBut(Set.of("view_count", "last_accessed_at")),
                                null,
                                List.of(),
                                Format.JSON),
                        new Cache(
                                "product_lean",
                                products,
                                KeyTemplate.parse("lean:{id}"),
                                new FieldSelection.AllBut(Set.of("view_count", "last_accessed_at", "description")),
                                null,
                                List.of(),
                                Format.JSON));
    }

    @Test
    void what_is_left_out_has_a_default_and_no_connection_has_one() {
        Pipeline pipeline = read("tidemark: 1\ntables: {public.products: {}}\n");

        assertThat(pipeline.source()).isEqualTo(new SourceSettings(null, "tidemark", "tidemark"));
        assertThat(pipeline.kafka()).isEqualTo(new KafkaSettings(null, "tidemark", 4, 1, Map.of()));
        assertThat(pipeline.redis()).isEqualTo(new RedisSettings(null));
    }

    @Test
    void no_secret_shows_itself() {
        Pipeline pipeline = read(WHOLE.replace("tidemark@db", "tidemark:hunter2@db"));

        assertThat(pipeline.toString()).doesNotContain("hunter2").doesNotContain("p@ss");
        assertThat(pipeline.source().requireDatabase().password()).isEqualTo(new Secret("hunter2"));
    }

    private static Pipeline read(String yaml) {
        return PipelineFile.parse("tidemark.yaml", yaml.getBytes(UTF_8), Map.of())
                .pipeline();
    }
}
