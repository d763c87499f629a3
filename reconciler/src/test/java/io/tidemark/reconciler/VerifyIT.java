package io.tidemark.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.core.pipeline.Topics;
import io.tidemark.reconciler.standin.StandIn;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.servers.SharedServers;
import io.tidemark.testkit.service.MetricsPage;
import io.tidemark.testkit.service.ServiceProcess;
import io.tidemark.testkit.service.ServiceSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reconciler as a process, between a real PostgreSQL, Kafka and Redis and a stand-in for the rest of the pipeline. */
class VerifyIT {
    private static final int ROWS = 3000;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Topics TOPICS = new Topics("verify");
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static ServiceProcess reconciler;
    private static StandIn standIn;
    private static RedisConnection redis;

    @BeforeAll
    static void start() throws Exception {
        execute("drop table if exists product; create table product (id bigint primary key, name text, stock int)");
        Path config = Files.writeString(folder.resolve("tidemark.yaml"), """
                tidemark: 1
                kafka: {prefix: verify}
                caches:
                  product: {table: product, key: "product:{id}"}
                  short: {table: product, key: "short:{id}", ttl: 1h}
                """);
        redis = SharedServers.redis().connect();
        standIn = new StandIn(
                SharedServers.postgres(),
                SharedServers.redis(),
                SharedServers.kafka().bootstrap(),
                TOPICS,
                ROWS,
                20261120);
        standIn.start();
        reconciler = new ServiceProcess(ServiceSettings.ofModule("reconciler", folder)
                .with("TIDEMARK_CONFIG", config.toString())
                .with("TIDEMARK_SOURCE_URL", SharedServers.postgres().url())
                .with("TIDEMARK_SOURCE_PASSWORD", SharedServers.postgres().password())
                .with("TIDEMARK_KAFKA_BOOTSTRAP", SharedServers.kafka().bootstrap())
                .with("TIDEMARK_REDIS_URL", SharedServers.redis().url())
                .with("TIDEMARK_VERIFY_PATIENCE", "5s"));
        reconciler.start();
    }

    @AfterAll
    static void stop() throws Exception {
        reconciler.stop();
        standIn.close();
        redis.close();
    }

    @BeforeEach
    void everythingIsRight() throws Exception {
        standIn.loseOneIn(0);
        standIn.rest();
    }

    @Test
    void each_kind_of_drift_is_found_and_named_and_what_is_not_an_entry_is_left_alone() throws Exception {
        heal();
        redis.call("SET", "product:5", "{\"id\": 5, \"name\": \"hunter2\", \"stock\": 0}");
        redis.call("DEL", "product:6");
        redis.call("DEL", "product:7", "tm:{product:7}");
        redis.call("DEL", "tm:{product:8}");
        redis.call("DEL", "product:9");
        redis.call("LPUSH", "product:9", "x");
        standIn.put(ROWS + 1, 1, "{}");
        redis.call("SET", "product:" + (ROWS + 2), "{}");
        redis.call("SET", "product:index", "x");
        redis.call("SET", "product:0010", "x");
        redis.call("SET", "product:10:lines", "x");
        redis.call("SET", "short:11", "{\"stock\": 0, \"name\": \"product 11\", \"id\": 11}");
        redis.call("SET", "short:12", "{}");

        JsonNode result = verified("");

        JsonNode product = result.get("product");
        assertThat(product.get("consistent").asLong()).isEqualTo(ROWS - 5);
        assertThat(product.get("stale").asLong()).isEqualTo(1);
        assertThat(product.get("missing").asLong()).isEqualTo(4);
        assertThat(product.get("orphaned").asLong()).isEqualTo(2);
        assertThat(product.get("examples").findValuesAsText("key"))
                .containsExactlyInAnyOrder(
                        "product:5",
                        "product:6",
                        "product:7",
                        "product:8",
                        "product:9",
                        "product:" + (ROWS + 1),
                        "product:" + (ROWS + 2));
        assertThat(result.toString()).doesNotContain("hunter2");
        JsonNode inShort = result.get("short");
        assertThat(inShort.get("consistent").asLong()).isEqualTo(1);
        assertThat(inShort.get("stale").asLong()).isEqualTo(1);
        assertThat(inShort.get("notKept").asLong()).isEqualTo(ROWS - 2);
        assertThat(inShort.get("missing").asLong()).isZero();
    }

    @Test
    void no_drift_is_invented_while_rows_change_all_the_time() throws Exception {
        heal();
        standIn.writes(true);
        long before = standIn.changesApplied();
        for (int i = 0; i < 8 || standIn.changesApplied() - before <= 100 && i < 100; i++) {
            JsonNode product = verified("?cache=product").get("product");
            assertThat(drift(product)).as(product.toString()).isZero();
        }

        assertThat(standIn.changesApplied() - before).isGreaterThan(100);
    }

    @Test
    void a_lost_change_is_found_while_rows_change_all_the_time() throws Exception {
        heal();
        standIn.writes(true);
        standIn.loseOneIn(5);

        Await.until("a lost change is found", LIMIT)
                .holds(() -> drift(verified("?cache=product").get("product")) > 0);
    }

    @Test
    void the_freshness_page_says_how_far_redis_is() throws Exception {
        JsonNode page = Await.until("all is applied", LIMIT)
                .sees(
                        () -> get("/api/freshness"),
                        seen -> seen.path("behindBytes").asLong(-1) == 0);

        assertThat(page.get("behindMillis").asLong()).isZero();
        assertThat(page.get("appliedLsn").asText())
                .isEqualTo(page.get("sourceLsn").asText());
        assertThat(page.get("epoch").asInt()).isEqualTo(1);
    }

    @Test
    void the_metrics_tell_drift_and_lag_and_move() throws Exception {
        heal();
        verified("?cache=product");
        MetricsPage before = reconciler.metrics();
        redis.call("DEL", "product:6");
        verified("?cache=product");

        MetricsPage now = reconciler.metrics();
        assertThat(before.sum("tidemark_verify_entries", "cache", "product", "verdict", "missing"))
                .isZero();
        assertThat(now.sum("tidemark_verify_entries", "cache", "product", "verdict", "missing"))
                .isEqualTo(1);
        assertThat(now.sum("tidemark_verify_entries", "cache", "product", "verdict", "consistent"))
                .isEqualTo(ROWS - 1);
        assertThat(now.sum("tidemark_verify_run_seconds_count", "state", "done"))
                .isEqualTo(before.sum("tidemark_verify_run_seconds_count", "state", "done") + 1);
        assertThat(now.sum("tidemark_verify_age_seconds", "cache", "product")).isBetween(0.0, 60.0);
        assertThat(now.has("tidemark_build_info", "service", "reconciler")).isTrue();
        Await.until("the lag is said, and none", LIMIT)
                .sees(
                        reconciler::metrics,
                        page -> page.sum("tidemark_lag_bytes") == 0 && page.sum("tidemark_lag_seconds") == 0);
    }

    @Test
    void an_unknown_cache_and_an_unknown_comparison_are_said_to_be_so() throws Exception {
        HttpResponse<String> cache = post("/api/verify?cache=prodcut");
        assertThat(cache.statusCode()).isEqualTo(404);
        assertThat(cache.body()).contains("there is no cache prodcut", "product, short");
        assertThat(reconciler.get("/api/verify/none").statusCode()).isEqualTo(404);
    }

    /** Makes cache and table the same again, whatever a test left behind. */
    private static void heal() throws Exception {
        standIn.rest();
        try (Connection connection = SharedServers.postgres().connect();
                Statement statement = connection.createStatement()) {
            redis.call("EVAL", "for _, k in ipairs(redis.call('KEYS', '*')) do redis.call('DEL', k) end", "0");
            statement.execute("truncate product");
            statement.execute(
                    "insert into product select i, 'product ' || i, 0 from generate_series(1, " + ROWS + ") i");
        }
        for (int i = 1; i <= ROWS; i++) {
            standIn.put(i, 1, "{\"stock\": 0, \"id\": " + i + ", \"name\": \"product " + i + "\"}");
        }
    }

    private static long drift(JsonNode cache) {
        return cache.get("stale").asLong()
                + cache.get("missing").asLong()
                + cache.get("orphaned").asLong();
    }

    private static JsonNode verified(String query) throws Exception {
        HttpResponse<String> begun = post("/api/verify" + query);
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        String path = "/api/verify/" + JSON.readTree(begun.body()).get("id").asText();
        JsonNode run = Await.until("the comparison ends", LIMIT)
                .sees(() -> get(path), seen -> !seen.get("state").asText().matches("waiting|running"));
        assertThat(run.get("state").asText()).as(run.toString()).isEqualTo("done");
        return run.get("result");
    }

    private static JsonNode get(String path) throws Exception {
        return JSON.readTree(reconciler.get(path).body());
    }

    private static HttpResponse<String> post(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(reconciler.url() + path))
                .header("Authorization", "Bearer " + reconciler.viewerToken())
                .POST(BodyPublishers.noBody())
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection = SharedServers.postgres().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
