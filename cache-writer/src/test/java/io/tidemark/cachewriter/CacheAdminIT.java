package io.tidemark.cachewriter;

import static io.tidemark.cachewriter.AdminCalls.body;
import static io.tidemark.cachewriter.AdminCalls.encoded;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import io.tidemark.testkit.servers.SharedServers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The caches' admin, asked over HTTP of a cache-writer between real servers. */
class CacheAdminIT {
    private static final String ADMIN = "admin-token-of-the-tests-0001";
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
                Map.of(
                        "TIDEMARK_CACHE_ADMIN_TOKEN", ADMIN,
                        "TIDEMARK_CACHE_OPERATOR_TOKEN", OPERATOR,
                        "TIDEMARK_CACHE_VIEWER_TOKEN", VIEWER));
        stack.start();
    }

    @AfterAll
    static void stop() {
        stack.close();
        redis.kill();
    }

    @BeforeEach
    void rowsInTheDatabaseAndNothingInRedis() throws Exception {
        stack.sql("delete from item");
        stack.sql("insert into item select i, 'n' || i, 1.5, null from generate_series(1, " + ROWS + ") i");
        try (RedisConnection connection = redis.connect()) {
            for (String pattern :
                    new String[] {"tm:{" + stack.prefix + "*", stack.prefix + "*", "tm.*", "app:*", "tm:{app*"}) {
                connection.scan(pattern, key -> call(connection, "DEL", key));
            }
        }
    }

    @Test
    void warmFillsWhatIsMissingAndLeavesTheRest() throws Exception {
        call("SET", stack.entry(1), "{\"kept\":true}");
        JsonNode counted = body(post("/api/cache/warm?dryRun=true", "{}", OPERATOR), 200);
        assertThat(counted.path("counts").path("item").asInt()).isEqualTo(ROWS);
        assertThat(stack.entries()).hasSize(1);

        JsonNode job = done("/api/cache/warm", "{\"caches\":[\"item\"]}", OPERATOR);

        assertThat(stack.entries()).hasSize(ROWS);
        assertThat(stack.get(stack.entry(1))).isEqualTo("{\"kept\":true}");
        assertThat(stack.get(stack.entry(77))).contains("\"n77\"");
        assertThat(job.path("counts").path("item.filled").asInt()).isEqualTo(ROWS - 1);
        assertThat(job.path("counts").path("item.were_there").asInt()).isEqualTo(1);
        assertThat(job.path("percent").asInt()).isEqualTo(100);
    }

    @Test
    void whatWasAskedForMostIsWarmedFirst() throws Exception {
        call("ZADD", "tm.asked:item", "9", stack.entry(900), "3", stack.entry(5), "99", "not-ours:1");

        JsonNode job = done("/api/cache/warm", "{\"limit\":2}", OPERATOR);

        assertThat(stack.entries().keySet()).containsExactlyInAnyOrder(stack.entry(900), stack.entry(5));
        assertThat(job.path("counts").path("item.asked_first").asInt()).isEqualTo(2);
    }

    @Test
    void anInterruptedWarmingGoesOnWhereItWas() throws Exception {
        JsonNode slow = body(post("/api/cache/warm", "{\"rate\":100}", OPERATOR), 202);
        Await.until("some rows are warm", WriterStack.SOON)
                .holds(() -> stack.entries().size() > 20);
        body(post(slow.path("href").asText() + "/cancel", "", OPERATOR), 200);
        JsonNode ended = ended(slow.path("href").asText());
        assertThat(ended.path("state").asText()).isEqualTo("cancelled");
        int before = stack.entries().size();
        assertThat(before).isLessThan(ROWS);

        JsonNode job = done("/api/cache/warm", "{}", OPERATOR);

        assertThat(stack.entries()).hasSize(ROWS);
        assertThat(job.path("counts").path("item.resumed").asInt()).isEqualTo(1);
        // What was looked at before counts as done; nothing of it is looked at again.
        assertThat(job.path("looked_at").asInt()).isEqualTo(ROWS);
        assertThat(job.path("counts").path("item.filled").asInt()).isEqualTo(ROWS - before);
        assertThat(job.path("counts").path("item.were_there").asInt()).isZero();
    }

    @Test
    void clearMendsWhatIsWrongWithoutAMomentInWhichAnEntryIsMissing() throws Exception {
        done("/api/cache/warm", "{}", OPERATOR);
        call("SET", stack.entry(7), "{\"wrong\":true}");
        call("DEL", stack.entry(8));
        stack.sql("delete from item where id = 9");
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong missing = new AtomicLong();
        AtomicLong looks = new AtomicLong();
        Thread reader = new Thread(() -> {
            try (RedisConnection connection = redis.connect()) {
                while (!over.get()) {
                    for (int id = 100; id < 200; id++) {
                        missing.addAndGet(connection.get(stack.entry(id)) == null ? 1 : 0);
                        looks.incrementAndGet();
                    }
                }
            } catch (java.io.IOException e) {
                missing.incrementAndGet();
            }
        });
        reader.start();
        assertThat(body(post("/api/cache/clear?dryRun=true", "{\"all\":true}", ADMIN), 200)
                        .path("counts")
                        .path("item")
                        .asInt())
                .isEqualTo(ROWS - 1);
        done("/api/cache/clear", "{\"caches\":[\"item\"]}", ADMIN);
        over.set(true);
        reader.join();

        assertThat(missing).hasValue(0);
        assertThat(looks).hasValueGreaterThan(0);
        assertThat(stack.get(stack.entry(7))).contains("\"n7\"");
        assertThat(stack.get(stack.entry(8))).contains("\"n8\"");
        assertThat(stack.get(stack.entry(9))).isNull();
        assertThat(stack.entries()).hasSize(ROWS - 1);
    }

    @Test
    void clearingAnApplicationsCacheInvalidatesItsEntriesAndNoOthers() throws Exception {
        fill("app:1", "shop:7");
        fill("other:1", "shop:7");
        done("/api/cache/clear", "{\"caches\":[\"app\"]}", ADMIN);
        assertThat(right("app:1")).isFalse();
        assertThat(right("other:1")).isTrue();
        call("DEL", "other:1", "tm:{other:1}");
    }

    @Test
    void tagsKeysPatternAndShopInvalidateWhatTheyNameAndCountItFirst() throws Exception {
        done("/api/cache/warm", "{}", OPERATOR);
        fill("app:tag", "catalog");
        fill("app:key", "");
        fill("app:pattern:1", "");
        fill("app:shop", "shop:7:products");
        fill("app:stays", "shop:8");
        call("SET", stack.entry(3), "{\"wrong\":true}");

        JsonNode counted = body(post("/api/cache/invalidate?dryRun=true", "{\"tags\":[\"catalog\"]}", OPERATOR), 200);
        assertThat(counted.path("counts").path("tag catalog").asInt()).isEqualTo(1);
        assertThat(right("app:tag")).isTrue();

        done("/api/cache/invalidate", "{\"tags\":[\"catalog\"]}", OPERATOR);
        done("/api/cache/invalidate", "{\"keys\":[\"app:key\",\"" + stack.entry(3) + "\"]}", OPERATOR);
        done("/api/cache/invalidate", "{\"pattern\":\"app:pattern:*\"}", OPERATOR);
        done("/api/cache/invalidate", "{\"shop\":7}", OPERATOR);

        for (String gone : new String[] {"app:tag", "app:key", "app:pattern:1", "app:shop"}) {
            assertThat(right(gone)).as(gone).isFalse();
        }
        assertThat(right("app:stays")).isTrue();
        assertThat(stack.get(stack.entry(3))).contains("\"n3\"");
    }

    @Test
    void tagOfARowCacheReadsItsRowsAgain() throws Exception {
        done("/api/cache/warm", "{}", OPERATOR);
        call("SET", stack.entry(3), "{\"wrong\":true}");
        JsonNode counted = body(post("/api/cache/invalidate?dryRun=true", "{\"tags\":[\"named:n3\"]}", OPERATOR), 200);
        assertThat(counted.path("counts").path("item").asInt()).isEqualTo(1);
        JsonNode job = done("/api/cache/invalidate", "{\"tags\":[\"named:n3\"]}", OPERATOR);
        assertThat(stack.get(stack.entry(3))).contains("\"n3\"");
        assertThat(job.path("counts").path("item.filled").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/cache/invalidate | {\"pattern\":\"*\"}                | all: true",
                "/api/cache/invalidate | {\"pattern\":\"?*\"}               | all: true",
                "/api/cache/invalidate | {\"pattern\":\"*:item:*\"}         | would invalidate everything",
                "/api/cache/invalidate | {}                                 | tags, keys, pattern",
                "/api/cache/invalidate | {\"type\":\"nothing\"}             | there is no cache nothing",
                "/api/cache/invalidate | {\"keys\":[\"tm:{x}\"]}            | Tidemark's own",
                "/api/cache/invalidate | {\"tags\":[\"a b\"]}               | white space",
                "/api/cache/invalidate | {\"tagz\":[\"a\"]}                 | there is no field tagz",
                "/api/cache/warm       | {\"caches\":[\"nothing\"]}         | there is no cache nothing",
                "/api/cache/warm       | {\"rate\":-1}                      | whole number",
                "/api/cache/clear      | {}                                 | all: true",
                "/api/cache/clear      | [                                  | JSON",
                "/api/cache/optimize   | {\"warm\":\"much\"}                | whole number"
            })
    void whatCannotBeMeantIsRefusedWithARemedyAndChangesNothing(String path, String body, String words)
            throws Exception {
        done("/api/cache/warm", "{\"limit\":50}", OPERATOR);
        int jobs = body(get("/api/cache/jobs", VIEWER), 200).size();
        HttpResponse<String> answer = post(path, body, ADMIN);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(words).contains("remedy");
        assertThat(body(get("/api/cache/jobs", VIEWER), 200)).hasSize(jobs);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  /api/cache/stats,            none,     401",
        "GET,  /api/cache/stats,            wrong,    401",
        "GET,  /api/cache/stats,            viewer,   200",
        "POST, /api/cache/warm,             none,     401",
        "POST, /api/cache/warm,             viewer,   403",
        "POST, /api/cache/warm?dryRun=true, operator, 200",
        "POST, /api/cache/clear,            operator, 403",
        "GET,  /api/cache/clear,            admin,    405",
        "GET,  /api/cache/warm,             admin,    405",
        "GET,  /api/cache/jobs/none,        viewer,   404",
        "GET,  /api/progress,               none,     401",
        "GET,  /prometheus,                 none,     401",
        "GET,  /swagger/tidemark-cache-writer-1.yml, none, 401",
        "GET,  /health/liveness,            none,     200",
        "GET,  /api/progress,               viewer,   200"
    })
    void everyRoleMayWhatItMayAndAGetChangesNothing(String method, String path, String who, int status)
            throws Exception {
        String token = Map.of("viewer", VIEWER, "operator", OPERATOR, "admin", ADMIN, "wrong", ADMIN + "x")
                .getOrDefault(who, "");
        assertThat(send(method, path, "", token).statusCode()).isEqualTo(status);
    }

    @Test
    void onlyAnAdminInvalidatesEverythingAndNoOtherSiteAnything() throws Exception {
        assertThat(post("/api/cache/invalidate", "{\"pattern\":\"*\",\"all\":true}", OPERATOR)
                        .statusCode())
                .isEqualTo(403);
        HttpResponse<String> forged = AdminCalls.HTTP.send(
                AdminCalls.request(stack.writer.url() + "/api/cache/warm", ADMIN)
                        .header("Origin", "http://elsewhere")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(forged.statusCode()).isEqualTo(403);
        fill("app:all", "");
        done("/api/cache/invalidate", "{\"pattern\":\"*\",\"all\":true}", ADMIN);
        assertThat(right("app:all")).isFalse();
    }

    @Test
    void explainGivesAVerdictWithItsEvidence() throws Exception {
        stack.changes.catchUp(stack.walLsn() - 100_000);
        stack.send(1, stack.changes.row("u", 1, "n1"));
        stack.awaitApplied();
        stack.sql("update item set price = 1.50, big = null where id = 1");
        assertVerdict(stack.entry(1), "right", "equals the row of public.item");
        JsonNode entry = body(get("/api/cache/entries/" + encoded(stack.entry(1)), VIEWER), 200);
        assertThat(entry.path("last_action").asText()).isEqualTo("written by a change");
        assertThat(entry.path("version").asText()).startsWith("0001-");
        assertThat(entry.path("primary_key").path("id").asText()).isEqualTo("1");
        assertThat(entry.path("tags").toString()).contains("named:n1");
        assertThat(entry.path("committed_at").asText()).startsWith("20");

        call("SET", stack.entry(1), "{\"wrong\":true}");
        assertVerdict(stack.entry(1), "stale", "no change waits in Kafka");
        call("DEL", stack.entry(1));
        assertVerdict(stack.entry(1), "missing", "Redis no value");
        assertVerdict(stack.entry(4_000_000), "right", "there is no value");
        assertVerdict("unheard:of", "unknown", "no cache of the pipeline file");

        fill("app:why", "shop:7 catalog");
        assertVerdict("app:why", "right", "tag shop:7 was not made stale");
        call("FCALL", "tm_bump", "1", "tm.{bumps}", "shop:7");
        JsonNode stale = body(get("/api/cache/explain/app:why", VIEWER), 200);
        assertThat(stale.path("verdict").asText()).isEqualTo("invalidated");
    }

    @Test
    void statsAndOptimizeCountWhatClientsCountedAndRecommend() throws Exception {
        call("SADD", "tm.stats-of", "item");
        call("HSET", "tm.stats:item", "hits", "100", "misses", "300");
        call("ZADD", "tm.asked:item", "9", stack.entry(900));
        JsonNode stats = body(get("/api/cache/stats", VIEWER), 200);
        assertThat(stats.path("hits").asInt()).isEqualTo(100);
        assertThat(stats.path("hit_rate_percent").asDouble()).isEqualTo(25.0);
        assertThat(stats.path("redis_up").asBoolean()).isTrue();
        assertThat(stats.path("memory").path("used_bytes").asLong()).isPositive();
        assertThat(stats.path("keys").asLong()).isPositive();

        JsonNode plan = body(post("/api/cache/optimize?dryRun=true", "", OPERATOR), 200);
        assertThat(plan.path("caches").path("item").path("asked_while_missing").asInt())
                .isEqualTo(1);
        assertThat(plan.path("recommendations").toString()).contains("set maxmemory", "hit in 25.0 %");
        assertThat(stack.get(stack.entry(900))).isNull();

        JsonNode job = done("/api/cache/optimize", "{}", OPERATOR);
        assertThat(stack.get(stack.entry(900))).contains("n900");
        assertThat(job.path("counts").path("item.warmed").asInt()).isEqualTo(1);
    }

    @Test
    void theInterfaceIsDescribedForPrograms() throws Exception {
        String yaml = get("/swagger/tidemark-cache-writer-1.yml", VIEWER).body();
        assertThat(yaml).contains("/api/cache/warm", "/api/cache/entries/{key}", "/api/cache/explain/{key}");
    }

    private static void assertVerdict(String key, String verdict, String evidence) throws Exception {
        JsonNode told = body(get("/api/cache/explain/" + encoded(key), VIEWER), 200);
        assertThat(told.path("verdict").asText()).as(told.toString()).isEqualTo(verdict);
        assertThat(told.path("evidence").toString()).contains(evidence);
    }

    private static void fill(String key, String tags) throws Exception {
        String meta = EntryKey.metaOf(key);
        call("FCALL", "tm_lease", "2", key, meta, "t", "10000");
        call("FCALL", "tm_fill", "2", key, meta, "t", "600000", "0", "0", tags, "value", "{}");
        assertThat(right(key)).as(key).isTrue();
    }

    private static boolean right(String key) throws Exception {
        return call("FCALL_RO", "tm_get", "2", key, EntryKey.metaOf(key)) != null;
    }

    private static JsonNode done(String path, String body, String token) throws Exception {
        JsonNode job = ended(body(post(path, body, token), 202).path("href").asText());
        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("done");
        return job;
    }

    private static JsonNode ended(String href) {
        Map<String, JsonNode> last = new LinkedHashMap<>();
        Await.until("the job is over", WriterStack.SOON).holds(() -> {
            JsonNode job = body(get(href, VIEWER), 200);
            last.put("job", job);
            return !job.path("state").asText().matches("waiting|running");
        });
        return last.get("job");
    }

    private static HttpResponse<String> get(String path, String token) throws Exception {
        return send("GET", path, "", token);
    }

    private static HttpResponse<String> post(String path, String body, String token) throws Exception {
        return send("POST", path, body, token);
    }

    private static HttpResponse<String> send(String method, String path, String body, String token) throws Exception {
        return AdminCalls.send(stack.writer.url() + path, method, body, token);
    }

    private static Object call(String... command) throws Exception {
        try (RedisConnection connection = redis.connect()) {
            return connection.call(command);
        }
    }

    private static Object call(RedisConnection connection, String... command) {
        try {
            return connection.call(command);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
