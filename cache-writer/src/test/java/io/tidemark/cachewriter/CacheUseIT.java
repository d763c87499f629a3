package io.tidemark.cachewriter;

import static io.tidemark.cachewriter.AdminCalls.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import io.tidemark.testkit.servers.SharedServers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How caches are used: over the last hours, and what that does to times to live. */
class CacheUseIT {
    private static final String OPERATOR = "operator-token-of-the-tests-02";
    private static final int ROWS = 20;
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long LEAST = 2_000;
    private static final long MOST = 2 * HOUR;
    private static final long FENCE = Duration.ofHours(24).toMillis();

    @TempDir
    private static Path directory;

    private static EmbeddedRedis redis;
    private static RedisConnection connection;
    private static WriterStack stack;

    @BeforeAll
    static void start() throws Exception {
        redis = new EmbeddedRedis(RedisSettings.in(directory.resolve("redis")));
        redis.start();
        connection = redis.connect();
        call("SADD", "tm.stats-of", "timed");
        call("HSET", "tm.stats:timed", "hits", "700", "misses", "300", "refused", "9");
        Instant before = Instant.now().minus(5, ChronoUnit.MINUTES);
        call(
                "HSET",
                "tm.history:timed:" + before.toString().substring(0, 13),
                before.toString().substring(14, 16),
                "600 250 9 0 0 0 0");
        stack = new WriterStack(
                directory.resolve("writer"),
                SharedServers.postgres(),
                SharedServers.newDatabase(),
                redis,
                Map.of("TIDEMARK_CACHE_OPERATOR_TOKEN", OPERATOR),
                """
                  timed: {table: public.item, key: "timed:{id}", ttl: 1h, ttl_by_use: {least: 2s, most: 2h}}
                  asked: {query: "select id, name from item", key: "asked:{id}", depends: {public.item: "{id}"}, ttl: 1h, ttl_by_use: {least: 2s, most: 2h}}
                  plain: {table: public.item, key: "plain:{id}", ttl: 1h}
                """);
        stack.sql("insert into item select i, 'n' || i, 1.5, null from generate_series(1, " + ROWS + ") i");
        stack.start();
        done("/api/cache/warm");
        Await.until("the entries of the query are there", WriterStack.SOON)
                .holds(() -> call("EXISTS", "asked:" + ROWS).equals(1L));
    }

    @AfterAll
    static void stop() throws Exception {
        stack.close();
        connection.close();
        redis.kill();
    }

    @Test
    void optimizeMovesTimesToLiveByUseAndOnlyWithinTheirBounds() throws Exception {
        for (String cache : new String[] {"timed", "asked", "plain"}) {
            call("ZADD", "tm.asked:" + cache, "90", cache + ":1", "10", cache + ":2");
        }
        Await.until("nobody has read for the least", WriterStack.SOON)
                .holds(() -> (Long) call("OBJECT", "IDLETIME", "timed:20") >= LEAST / 1_000 + 1
                        && (Long) call("OBJECT", "IDLETIME", "asked:20") >= LEAST / 1_000 + 1);
        call("GET", "timed:3");
        call("GET", "asked:3");

        long used = body(get("/api/cache/stats"), 200)
                .path("memory")
                .path("used_bytes")
                .asLong();
        call("CONFIG", "SET", "maxmemory", Long.toString(used + used / 20));
        JsonNode full = body(post("/api/cache/optimize?dryRun=true"), 200).path("caches");
        call("CONFIG", "SET", "maxmemory", "0");
        assertThat(full.path("timed").path("to_live_longer").asInt())
                .as("no room for longer lives")
                .isZero();

        JsonNode plan = body(post("/api/cache/optimize?dryRun=true"), 200).path("caches");
        for (String cache : new String[] {"timed", "asked"}) {
            assertThat(plan.path(cache).path("to_live_longer").asInt())
                    .as(cache)
                    .isEqualTo(1);
            assertThat(plan.path(cache).path("to_live_shorter").asInt())
                    .as(cache)
                    .isEqualTo(ROWS - 3);
            assertThat(plan.path(cache).path("ttl_looked_at").asInt()).as(cache).isEqualTo(ROWS);
            assertThat(left(cache + ":1")).as("a dry run moves nothing").isBetween(1L, HOUR);
            assertThat(left(cache + ":20")).isBetween(HOUR / 2, HOUR);
        }
        assertThat(plan.path("plain").has("to_live_longer")).isFalse();

        JsonNode job = done("/api/cache/optimize");

        for (String cache : new String[] {"timed", "asked"}) {
            assertThat(job.path("counts").path(cache + ".lengthened").asInt()).isEqualTo(1);
            assertThat(job.path("counts").path(cache + ".shortened").asInt()).isEqualTo(ROWS - 3);
            assertThat(left(cache + ":1")).isBetween(MOST - HOUR / 2, MOST);
            assertThat(left("tm:{" + cache + ":1}")).as("its fence outlives it").isGreaterThan(FENCE + MOST - HOUR / 2);
            assertThat(left(cache + ":2")).as("asked for, but not much").isBetween(HOUR / 2, HOUR);
            assertThat(left(cache + ":3")).as("read by a plain reader").isBetween(HOUR / 2, HOUR);
            for (int id = 4; id <= ROWS; id++) {
                assertThat(left(cache + ":" + id)).as(cache + ":" + id).isBetween(-2L, LEAST);
            }
        }
        for (int id = 1; id <= ROWS; id++) {
            assertThat(left("plain:" + id)).as("plain:" + id).isBetween(HOUR / 2, HOUR);
            assertThat(left(stack.entry(id))).isEqualTo(-1);
        }
    }

    @Test
    void theHistoryIsReadOverHttp() throws Exception {
        Await.until("the first minute is kept", WriterStack.SOON)
                .holds(() ->
                        !history("?cache=timed&hours=2&step=60").path("points").isEmpty());
        JsonNode line = history("?cache=timed&hours=2");
        assertThat(line.path("step_minutes").asInt()).isEqualTo(1);
        assertThat(line.path("note").asText()).startsWith("kept since");
        JsonNode point = line.path("points").path(0);
        assertThat(point.path("hits").asInt()).isEqualTo(100);
        assertThat(point.path("misses").asInt()).isEqualTo(50);
        assertThat(point.path("hit_rate_percent").asDouble()).isEqualTo(66.7);
        assertThat(point.path("refused").asInt()).isZero();
        assertThat(point.path("minutes").asInt()).isBetween(5, 6);
        assertThat(history("").path("cache").asText()).isEqualTo("*");
        assertThat((Long) call("HLEN", "tm.history-sizes")).isPositive();
    }

    @ParameterizedTest
    @CsvSource({
        "?hours=0,            hours, whole number from 1 to 72",
        "?hours=73,           hours, whole number from 1 to 72",
        "?hours=x,            hours, whole number from 1 to 72",
        "?step=0,             step,  whole number from 1 to 1440",
        "?cache=no-such,      cache, there is no history of a cache no-such"
    })
    void whatCannotBeIsRefused(String query, String field, String words) throws Exception {
        HttpResponse<String> answer = get("/api/cache/history" + query);
        JsonNode told = body(answer, 400);
        assertThat(told.path("field").asText()).isEqualTo(field);
        assertThat(told.path("error").asText()).contains(words);
        assertThat(told.path("remedy").asText()).isNotEmpty();
    }

    @Test
    void itAsksForAToken() throws Exception {
        assertThat(AdminCalls.send(stack.writer.url() + "/api/cache/history", "GET", "", "")
                        .statusCode())
                .isEqualTo(401);
    }

    private static JsonNode history(String query) throws Exception {
        return body(get("/api/cache/history" + query), 200);
    }

    private static long left(String key) throws Exception {
        return (Long) call("PTTL", key);
    }

    private static JsonNode done(String path) throws Exception {
        String href = body(post(path), 202).path("href").asText();
        JsonNode[] job = new JsonNode[1];
        Await.until("the job is over", WriterStack.SOON).holds(() -> {
            job[0] = body(get(href), 200);
            return job[0].has("state") && !job[0].path("state").asText().matches("waiting|running");
        });
        assertThat(job[0].path("state").asText()).as(job[0].toString()).isEqualTo("done");
        return job[0];
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return AdminCalls.send(stack.writer.url() + path, "GET", "", OPERATOR);
    }

    private static HttpResponse<String> post(String path) throws Exception {
        return AdminCalls.send(stack.writer.url() + path, "POST", "{}", OPERATOR);
    }

    private static Object call(String... command) throws Exception {
        return connection.call(command);
    }
}
