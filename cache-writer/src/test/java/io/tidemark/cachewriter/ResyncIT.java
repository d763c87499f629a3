package io.tidemark.cachewriter;

import static io.tidemark.cachewriter.AdminCalls.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.client.CacheState;
import io.tidemark.client.ResyncResult;
import io.tidemark.client.Resyncs;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import io.tidemark.testkit.servers.SharedServers;
import io.tidemark.testkit.service.ServiceProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resyncs by hand and by time, on a cache-writer between real servers, with readers that look all the time. */
class ResyncIT {
    private static final String OPERATOR = "operator-token-of-the-tests-01";
    private static final String VIEWER = "viewer-token-of-the-tests-0001";
    private static final int ROWS = 1_000;

    @TempDir
    private static Path directory;

    private static EmbeddedRedis redis;
    private static WriterStack stack;

    @BeforeAll
    static void start() throws Exception {
        redis = new EmbeddedRedis(RedisSettings.in(directory.resolve("redis")));
        redis.start();
        stack = new WriterStack(
                directory.resolve("writer"),
                SharedServers.postgres(),
                SharedServers.newDatabase(),
                redis,
                Map.of("TIDEMARK_CACHE_OPERATOR_TOKEN", OPERATOR, "TIDEMARK_CACHE_VIEWER_TOKEN", VIEWER),
                ResyncCaches.YAML);
        stack.start();
    }

    @AfterAll
    static void stop() {
        stack.close();
        redis.kill();
    }

    @BeforeEach
    void everyRowHasItsEntries() throws Exception {
        stack.sql("delete from item");
        stack.sql("insert into item select i, 'n' || i, 1.5, null from generate_series(1, " + ROWS + ") i");
        resync("{\"force\":true}");
    }

    @Test
    void whatDiffersIsWrittenWhatHasNoRowGoesAndTheRestIsLeftAlone() throws Exception {
        call("SET", stack.entry(1), "{\"id\": 1, \"name\": \"foreign\"}");
        call("DEL", stack.entry(2));
        call("SET", stack.entry(5_000), "{\"id\": 5000}");

        JsonNode item = new ResyncCalls(stack, OPERATOR).one("{\"caches\":[\"item\"],\"force\":true}");

        assertThat(item.path("outcome").asText()).isEqualTo("resynced");
        assertThat(item.path("product_count").asInt()).isEqualTo(ROWS);
        assertThat(item.path("written").asInt()).isEqualTo(2);
        assertThat(item.path("removed").asInt()).isEqualTo(1);
        assertThat(stack.get(stack.entry(1))).contains("\"n1\"");
        assertThat(stack.get(stack.entry(2))).contains("\"n2\"");
        assertThat(stack.entries()).hasSize(ROWS);
    }

    /** Pages of which Redis holds nothing are followed by pages of keys; what it holds of those is compared all the same. */
    @Test
    void aPageOfWhichRedisHoldsNothingLeavesWhatItHoldsOfTheNextOnesAlone() throws Exception {
        for (int id = 1; id <= 700; id++) {
            call("DEL", stack.entry(id));
        }
        call("SET", stack.entry(800), "{\"id\": 800, \"name\": \"foreign\"}");
        call("DEL", stack.entry(900), "tm:{" + stack.entry(900) + "}");

        JsonNode item = new ResyncCalls(stack, OPERATOR).one("{\"caches\":[\"item\"],\"force\":true}");

        assertThat(item.path("product_count").asInt()).as(item.toString()).isEqualTo(ROWS);
        assertThat(item.path("written").asInt()).isEqualTo(702);
        for (int id : new int[] {1, 501, 700, 701, 800, 900, ROWS}) {
            assertThat(stack.get(stack.entry(id))).contains("\"n" + id + "\"");
        }
    }

    @Test
    void whatIsRightIsLeftAsItIsWhateverItsFormatAndLivesItsWholeTimeAgain() throws Exception {
        stack.sql("update item set name = repeat('x', 500) where id = 5");
        resync("{\"force\":true}");
        assertThat((long) call("STRLEN", "zip:5")).as("compressed").isLessThan(200);
        for (String cache : List.of("item", "hash-item", "zipped-item", "short-item", "short-page")) {
            JsonNode again = resync("{\"caches\":[\"" + cache + "\"],\"force\":true}")
                    .path("caches")
                    .path(0);
            assertThat(again.path("success").asBoolean()).as(again.toString()).isTrue();
            assertThat(again.path("product_count").asInt()).isEqualTo(ROWS);
            assertThat(again.path("written").asInt()).as(cache).isZero();
            assertThat(again.path("removed").asInt()).as(cache).isZero();
        }
        for (String key : List.of("short:7", "short-page:7")) {
            call("PEXPIRE", key, "50000");
        }
        call("HSET", "hash:8", "name", "foreign");
        call("DEL", "tm:{hash:9}");
        call("SET", "zip:8", "{}");
        call("DEL", "tm:{short:9}");
        call("SET", "short:10", "{}");

        resync("{\"caches\":[\"hash-item\",\"zipped-item\",\"short-item\",\"short-page\"],\"force\":true}");

        assertThat((long) call("PTTL", "short:7")).isGreaterThan(3_000_000);
        assertThat((long) call("PTTL", "tm:{short:7}")).isGreaterThan((long) call("PTTL", "short:7"));
        assertThat((long) call("PTTL", "short-page:7")).isGreaterThan(3_000_000);
        assertThat(call("HGET", "hash:8", "name")).isEqualTo("n8");
        assertThat(call("EXISTS", "tm:{hash:9}", "tm:{short:9}")).isEqualTo(2L);
        assertThat(stack.get("short:10")).contains("\"n10\"");
        assertThat(stack.get("zip:8")).isNotEqualTo("{}");
    }

    @Test
    void listsIndexesAndQueryDocumentsAreReadAgainTooAndTheStampIsSet() throws Exception {
        call("SET", "all_items", "[]");
        call("ZREM", "items:index", "7");
        call("ZADD", "items:index", "1", "9000");
        call("SET", "page:3", "{}");
        call("SET", "page:9000", "{}");
        call("DEL", "items:last_sync");

        resync("{\"caches\":[\"item-list\",\"item-index\",\"item-page\"],\"force\":true}");

        assertThat(stack.get("all_items")).startsWith("[{\"id\": 1,").contains("\"n1000\"");
        assertThat(call("ZCARD", "items:index")).isEqualTo((long) ROWS);
        assertThat(call("ZSCORE", "items:index", "7")).isEqualTo("7");
        assertThat(stack.get("page:3")).contains("\"N3\"");
        assertThat(stack.get("page:9000")).isNull();
        assertThat(Instant.parse(stack.get("items:last_sync")))
                .isAfter(Instant.now().minusSeconds(60));
    }

    @Test
    void whatIsFreshIsNotReadAgainUnlessForced() throws Exception {
        JsonNode state = body(get("/api/cache/resync/item-list"), 200);
        assertThat(state.path("driver").asText()).isEqualTo("redis");
        assertThat(state.path("exists").asBoolean()).isTrue();
        assertThat(state.path("product_count").asInt()).isEqualTo(ROWS);
        assertThat(state.path("minutes_since").asInt()).isZero();
        assertThat(state.path("needs_resync").asBoolean()).isFalse();
        assertThat(state.path("strategy").asText()).isEqualTo("hybrid");
        Instant first = lastSync("item-list");

        JsonNode fresh = body(post("/api/cache/resync", "{\"caches\":[\"item-list\"]}", OPERATOR), 200);
        assertThat(fresh.path("state").asText()).isEqualTo("fresh");
        assertThat(lastSync("item-list")).isEqualTo(first);

        resync("{\"caches\":[\"item-list\"],\"force\":true}");
        assertThat(lastSync("item-list")).isAfter(first);

        // Two hours ago, so the interval is over.
        call(
                "HSET",
                "tm.resync:{item-list}",
                "last_sync",
                Instant.now().minusSeconds(7_200).toString());
        Await.until("the net has resynced the list", WriterStack.SOON)
                .holds(() -> lastSync("item-list").isAfter(first));
        call("HDEL", "tm.resync:{item}", "last_sync");
        assertThat(body(get("/api/cache/resync/item/needed"), 200)
                        .path("needs_resync")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void readersAlwaysFindEveryEntryWhileResyncsAndWritesGoOn() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong looks = new AtomicLong();
        AtomicReference<String> missing = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            try (RedisConnection connection = redis.connect()) {
                while (!over.get()) {
                    for (int id = 1; id <= ROWS; id += 7) {
                        for (String key : List.of(stack.entry(id), "all_items", "page:" + id, "timed:" + id)) {
                            if (connection.get(key) == null) {
                                missing.compareAndSet(null, key);
                            }
                        }
                    }
                    if (connection.call("ZCARD", "items:index").equals(0L)) {
                        missing.compareAndSet(null, "items:index");
                    }
                    looks.incrementAndGet();
                }
            } catch (IOException failure) {
                missing.compareAndSet(null, failure.toString());
            }
        });
        reader.start();
        for (int round = 0; round < 5; round++) {
            stack.sql("update item set name = 'r" + round + "' || id, price = price + 1");
            for (int id = 1; id <= ROWS; id += 3) {
                stack.send(id, stack.changes.update(id, "r" + round + id));
            }
            stack.flush();
            resync("{\"force\":true}");
            resync("{\"caches\":[\"item\"],\"force\":true,\"source\":\"kafka\"}");
        }
        over.set(true);
        reader.join();

        assertThat(missing.get()).isNull();
        assertThat(looks.get()).isGreaterThan(1);
        stack.awaitApplied();
        assertThat(stack.get("all_items")).contains("\"r4999\"").doesNotContain("\"r3");
        assertThat(stack.get("page:500")).contains("R4500");
        for (int id = 1; id <= ROWS; id++) {
            assertThat(stack.get(stack.entry(id))).contains("\"r4" + id + "\"");
        }
    }

    @Test
    void aCacheKeptByTimeAloneIgnoresChangesAndIsFilledByItsResyncs() throws Exception {
        assertThat((long) call("PTTL", "timed:5")).isPositive();
        // In the database only: nothing but a resync can bring it.
        stack.sql("update item set name = 'later' where id = 5");
        stack.sql("delete from item where id = 6");
        Await.until("the timed resync has brought the row", WriterStack.SOON)
                .holds(() -> String.valueOf(stack.get("timed:5")).contains("\"later\""));
        Await.until("the timed resync has removed the row", WriterStack.SOON).holds(() -> stack.get("timed:6") == null);
        // In Kafka only: the row cache takes it, the timed one does not.
        stack.send(2_000, stack.changes.update(2_000, "of a change"));
        stack.awaitApplied();
        assertThat(stack.get(stack.entry(2_000))).contains("of a change");
        assertThat(stack.get("timed:2000")).isNull();
    }

    @Test
    void anApplicationReadsThroughACacheThatIsMadeRightFirst() throws Exception {
        Resyncs resyncs = new Resyncs(URI.create(stack.writer.url()), OPERATOR, Duration.ofSeconds(30));
        CacheState state = resyncs.state("item-list");
        assertThat(state.exists()).isTrue();
        assertThat(state.count()).isEqualTo(ROWS);
        assertThat(state.interval()).isEqualTo(Duration.ofHours(1));
        assertThat(resyncs.lastSync("item-list")).contains(state.lastSync());
        assertThat(resyncs.needsResync("item-list")).isFalse();

        call("SET", "all_items", "[]");
        assertThat(read(resyncs, false, "all_items"))
                .as("it is fresh by its interval")
                .isEqualTo("[]");
        assertThat(read(resyncs, true, "all_items")).startsWith("[{\"id\": 1,");
        call("DEL", "all_items");
        assertThat(read(resyncs, false, "all_items"))
                .as("gone, so it is resynced")
                .startsWith("[{\"id\": 1,");
        assertThat(read(resyncs, false, "nothing"))
                .as("what a resync does not bring")
                .isEqualTo("of the database");
        ResyncResult result = resyncs.resync("item-list", false);
        assertThat(result.outcome()).isEqualTo("fresh");
        assertThat(result.success()).isTrue();
        assertThat(resyncs.resync("item", true).count()).isEqualTo(ROWS);
        assertThatThrownBy(() -> resyncs.state("nope")).hasMessageContaining("cache-writer answered 404");

        Resyncs away = new Resyncs(URI.create("http://127.0.0.1:9"), OPERATOR, Duration.ofSeconds(30));
        assertThat(read(away, true, "all_items")).startsWith("[{\"id\": 1,");
        assertThat(read(away, false, "nothing")).isEqualTo("of the database");
    }

    private static String read(Resyncs resyncs, boolean force, String key) throws InterruptedException {
        return resyncs.read(
                "item-list",
                force,
                () -> {
                    try {
                        return stack.get(key);
                    } catch (Exception failed) {
                        throw new IllegalStateException(failed);
                    }
                },
                () -> "of the database");
    }

    @Test
    void twoWritersDoNotResyncOneCacheAtTheSameTime() throws Exception {
        try (ServiceProcess other = stack.another(directory.resolve("other"))) {
            other.start();
            JsonNode slow = body(
                    post("/api/cache/resync", "{\"caches\":[\"item\"],\"force\":true,\"rate\":200}", OPERATOR), 202);
            Await.until("it runs", WriterStack.SOON).holds(() -> !body(get("/api/cache/resync/item"), 200)
                    .path("last_resync")
                    .path("running_since")
                    .isNull());

            JsonNode busy = ended(
                    other.url(),
                    body(
                                    AdminCalls.send(
                                            other.url() + "/api/cache/resync",
                                            "POST",
                                            "{\"caches\":[\"item\"],\"force\":true}",
                                            OPERATOR),
                                    202)
                            .path("href")
                            .asText());

            assertThat(busy.path("caches").path(0).path("outcome").asText()).isEqualTo("busy");
            post(slow.path("href").asText() + "/cancel", "", OPERATOR);
            assertThat(ended(stack.writer.url(), slow.path("href").asText())
                            .path("state")
                            .asText())
                    .isEqualTo("cancelled");
        }
    }

    @Test
    void aFlushInTheMiddleIsSaidOrHealedAndTheNextResyncBringsEverythingBack() throws Exception {
        JsonNode slow =
                body(post("/api/cache/resync", "{\"caches\":[\"item\"],\"force\":true,\"rate\":2000}", OPERATOR), 202);
        Await.until("some is read", WriterStack.SOON)
                .holds(() -> body(get(slow.path("href").asText()), 200)
                                .path("looked_at")
                                .asInt()
                        > 0);
        call("FLUSHALL");
        ended(stack.writer.url(), slow.path("href").asText());

        Await.until("a resync brings everything back", Duration.ofSeconds(60)).holds(() -> {
            resync("{\"caches\":[\"item\",\"item-list\"],\"force\":true}");
            return stack.entries().size() == ROWS && stack.get("all_items") != null;
        });
    }

    @Test
    void onlyThoseWithTheRightMayResyncAndOnlyCachesThatThereAre() throws Exception {
        assertThat(post("/api/cache/resync", "{}", VIEWER).statusCode()).isEqualTo(403);
        assertThat(post("/api/cache/resync", "{}", "").statusCode()).isEqualTo(401);
        assertThat(body(post("/api/cache/resync", "{\"caches\":[\"nope\"]}", OPERATOR), 400)
                        .path("error")
                        .asText())
                .contains("no cache nope");
        assertThat(get("/api/cache/resync/nope").statusCode()).isEqualTo(404);
        assertThat(AdminCalls.send(stack.writer.url() + "/api/cache/resync/item", "POST", "", OPERATOR)
                        .statusCode())
                .isEqualTo(405);
    }

    private static Instant lastSync(String cache) throws Exception {
        String text = new ResyncCalls(stack, OPERATOR).lastSync(cache);
        return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
    }

    private static JsonNode resync(String body) throws Exception {
        return new ResyncCalls(stack, OPERATOR).resync(body);
    }

    private static JsonNode ended(String url, String href) {
        AtomicReference<JsonNode> job = new AtomicReference<>();
        Await.until("the job " + href + " is over", Duration.ofSeconds(60)).holds(() -> {
            job.set(body(AdminCalls.send(url + href, "GET", "", OPERATOR), 200));
            return !job.get().path("state").asText().matches("waiting|running");
        });
        return job.get();
    }

    private static HttpResponse<String> post(String path, String body, String token) throws Exception {
        return AdminCalls.send(stack.writer.url() + path, "POST", body, token);
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return AdminCalls.send(stack.writer.url() + path, "GET", "", OPERATOR);
    }

    private static Object call(String... command) throws IOException {
        try (RedisConnection connection = redis.connect()) {
            return connection.call(command);
        }
    }
}
