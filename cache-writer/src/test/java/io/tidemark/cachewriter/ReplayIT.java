package io.tidemark.cachewriter;

import static io.tidemark.cachewriter.AdminCalls.body;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tidemark.core.change.Version;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import io.tidemark.testkit.servers.SharedServers;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes that Kafka still holds are applied once more: what is wrong is mended, what is right or newer stays. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplayIT {
    private static final String OPERATOR = "operator-token-of-the-tests-01";
    private static final String VIEWER = "viewer-token-of-the-tests-0001";
    private static final String AHEAD = new Version(1, Long.MAX_VALUE, 0, 1).text();
    private static final String BEHIND = new Version(1, 1, 1, 1).text();
    private static final int ROWS = 2_000;
    private static final JsonMapper JSON = new JsonMapper();

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
                Map.of("TIDEMARK_CACHE_OPERATOR_TOKEN", OPERATOR, "TIDEMARK_CACHE_VIEWER_TOKEN", VIEWER));
        for (String name : new String[] {"first", "second"}) {
            for (int id = 1; id <= ROWS; id++) {
                stack.send(id, stack.changes.update(id, name + id));
            }
        }
        stack.send(1, stack.changes.delete());
        stack.send(WriterStack.partition(1), Changes.key(1), (byte[]) null);
        stack.flush();
        stack.start();
        stack.awaitApplied();
    }

    @AfterAll
    static void stop() {
        stack.close();
        redis.kill();
    }

    @Test
    @Order(1)
    void whatIsMissingOrOlderIsMendedAndWhatIsNewerStays() throws Exception {
        for (int id = 100; id < 110; id++) {
            command("DEL", stack.entry(id), EntryKey.metaOf(stack.entry(id)));
        }
        plant(200, BEHIND, "{\"old\":true}");
        plant(300, AHEAD, "{\"newer\":true}");
        plant(1, BEHIND, "{\"deleted\":true}");
        Map<String, String> before = stack.entries();

        JsonNode counted = done("{\"dry_run\":true}").path("counts");
        assertThat(counted.path("would_write").asInt()).as(counted.toString()).isEqualTo(11);
        assertThat(counted.path("would_delete").asInt()).as(counted.toString()).isEqualTo(1);
        assertThat(counted.path("refused_by_fences").asInt())
                .as(counted.toString())
                .isEqualTo(ROWS - 12);
        assertThat(stack.entries()).as("a dry run changes nothing").isEqualTo(before);

        JsonNode replayed = done("{}");
        assertThat(replayed.path("counts").path("written").asInt())
                .as(replayed.toString())
                .isEqualTo(11);
        assertThat(stack.entries()).hasSize(ROWS - 1);
        assertThat(stack.get(stack.entry(104))).contains("second104");
        assertThat(stack.get(stack.entry(200))).contains("second200");
        assertThat(stack.get(stack.entry(300))).as("its fence is newer").isEqualTo("{\"newer\":true}");
        assertThat(stack.get(stack.entry(1))).as("its row was deleted").isNull();
        assertThat(stack.lag()).as("nobody's offsets moved").isZero();

        JsonNode again = done("{}").path("counts");
        assertThat(again.path("written").asInt()).as(again.toString()).isZero();
    }

    @Test
    @Order(2)
    void entriesWhoseDeleteKafkaHasDroppedAreFoundAndRemovedWhenTheDatabaseHasNoRowEither() throws Exception {
        stack.sql("insert into item values (900002, 'kept', 1, null)");
        plant(900_001, BEHIND, "{\"orphan\":true}");
        plant(900_002, BEHIND, "{\"id\":900002}");

        JsonNode counted = done("{\"cache\":\"item\",\"dry_run\":true}");
        assertThat(counted.path("counts").path("deletes_dropped_by_compaction").asInt())
                .as(counted.toString())
                .isEqualTo(1);
        assertThat(counted.path("deletes_dropped_examples").path(0).asText()).isEqualTo(stack.entry(900_001));
        assertThat(stack.get(stack.entry(900_001))).isNotNull();

        JsonNode replayed = done("{\"cache\":\"item\"}").path("counts");
        assertThat(replayed.path("orphans_removed").asInt())
                .as(replayed.toString())
                .isEqualTo(1);
        assertThat(stack.get(stack.entry(900_001))).isNull();
        assertThat(stack.get(stack.entry(900_002))).isNotNull();
    }

    @Test
    @Order(3)
    void aKeyOrATagIsReplayedAlone() throws Exception {
        for (int id = 400; id < 410; id++) {
            command("DEL", stack.entry(id), EntryKey.metaOf(stack.entry(id)));
        }
        assertThat(done("{\"key\":\"" + stack.entry(401) + "\"}")
                        .path("counts")
                        .path("written")
                        .asInt())
                .isEqualTo(1);
        assertThat(stack.get(stack.entry(401))).contains("second401");
        assertThat(stack.get(stack.entry(402))).isNull();
        assertThat(done("{\"tag\":\"named:second402\"}")
                        .path("counts")
                        .path("written")
                        .asInt())
                .isEqualTo(1);
        assertThat(stack.get(stack.entry(402))).contains("second402");
        assertThat(stack.get(stack.entry(403))).isNull();
        done("{}");
        assertThat(stack.get(stack.entry(403))).contains("second403");
    }

    @ParameterizedTest
    @Order(4)
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"cache\":\"nothing\"}                  | there is no cache nothing",
                "{\"from\":\"2001-01-01T00:00:00Z\"}      | the oldest record that Kafka still has was published at",
                "{\"from\":\"2999-01-01T00:00:00Z\"}      | nothing was published since",
                "{\"from\":\"999999999\"}                 | is beyond the end of every partition",
                "{\"from\":\"yesterday\"}                 | expected earliest, a time or an offset",
                "{\"key\":\"unheard:of\"}                 | is of no cache of rows",
                "{\"tag\":\"unheard:of\"}                 | no table that is asked for",
                "{\"rate\":-1}                            | whole number"
            })
    void whatCannotBeMeantIsRefusedWithARemedyAndChangesNothing(String body, String words) throws Exception {
        int jobs = body(get("/api/cache/replay"), 200).size();
        HttpResponse<String> answer = post("/api/cache/replay", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains(words).contains("remedy");
        assertThat(body(get("/api/cache/replay"), 200)).hasSize(jobs);
    }

    @Test
    @Order(5)
    void aReplayWaitsGoesOnAndStopsWhenToldAndNoOtherOfItsTopicsBegins() throws Exception {
        JsonNode slow = body(post("/api/cache/replay", "{\"rate\":100,\"by\":\"alice\"}"), 202);
        String id = slow.path("id").asText();
        Await.until("it runs", WriterStack.SOON)
                .holds(() -> job(id).path("looked_at").asLong() > 0);
        HttpResponse<String> second = post("/api/cache/replay", "{\"cache\":\"item\"}");
        assertThat(second.statusCode()).as(second.body()).isEqualTo(409);
        assertThat(second.body()).contains("are being replayed already");

        body(post("/api/cache/replay/" + id + "/pause", ""), 200);
        Await.until("it waits", WriterStack.SOON)
                .holds(() -> job(id).path("state").asText().equals("paused"));
        body(post("/api/cache/replay/" + id + "/resume", ""), 200);
        Await.until("it goes on", WriterStack.SOON)
                .holds(() -> !job(id).path("state").asText().equals("paused"));
        body(post("/api/cache/replay/" + id + "/cancel", ""), 200);
        Await.until("it is over", WriterStack.SOON)
                .holds(() -> job(id).path("state").asText().equals("cancelled"));
        done("{}");
        assertThat(AdminCalls.send(stack.writer.url() + "/api/cache/replay", "POST", "{}", VIEWER)
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    @Order(6)
    void aReplayWhoseProcessWasKilledIsGoneOnWithAndItIsAllInTheLog() throws Exception {
        String id = body(post("/api/cache/replay", "{\"rate\":1000,\"by\":\"bob\"}"), 202)
                .path("id")
                .asText();
        Await.until("it runs", WriterStack.SOON)
                .holds(() -> job(id).path("looked_at").asLong() > 0);
        command("DEL", stack.entry(2), EntryKey.metaOf(stack.entry(2)));
        stack.writer.kill();
        stack.writer.start();
        Await.until("it is gone on with and done", WriterStack.SOON)
                .holds(() -> job(id).path("state").asText().equals("done"));

        JsonNode log = body(get("/api/cache/replay/log"), 200);
        StringBuilder what = new StringBuilder();
        for (JsonNode line : log) {
            if (line.path("id").asText().equals(id)) {
                what.append(line.path("what").asText()).append(' ');
                assertThat(line.path("who").asText()).isEqualTo("bob (operator)");
                assertThat(line.path("at").asText()).startsWith("20");
            }
        }
        assertThat(what.toString().strip()).isEqualTo("done resumed asked");
        // A moment such as 18:26:41.502 would hold the price of every row.
        String withoutTimes = log.toString().replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "a moment");
        assertThat(withoutTimes).contains("alice (operator)", "cancelled").doesNotContain("newer", "1.50");
        assertThat(stack.writer.get("/prometheus").body()).contains("tidemark_replay_records_total");
    }

    @Test
    @Order(7)
    void aReplayThatIgnoresFencesIsFound() throws Exception {
        String text = FunctionLibrary.load().text();
        String refuses = "if fence and version <= fence then\n    return 'older'";
        String judges = "elseif version <= fence then\n      letters[entry] = 'o'";
        assertThat(text).contains(refuses).contains(judges);
        String judgesNothing = text.replace(judges, "elseif false then\n      letters[entry] = 'o'");
        try {
            assertThat(takenBackByAReplay()).isNull();
            command("FUNCTION", "LOAD", "REPLACE", judgesNothing);
            assertThat(takenBackByAReplay())
                    .as("whoever writes asks the fence too")
                    .isNull();
            command("FUNCTION", "LOAD", "REPLACE", judgesNothing.replace(refuses, "if false then\n    return 'older'"));
            assertThat(takenBackByAReplay()).isEqualTo(stack.entry(500));
        } finally {
            command("FUNCTION", "LOAD", "REPLACE", text);
        }
    }

    /** An entry that is older after a replay than it was before; null for none. */
    private static String takenBackByAReplay() throws Exception {
        plant(500, AHEAD, "{\"newer\":true}");
        assertThat(done("{}").path("counts").path("records").asInt()).isPositive();
        return stack.get(stack.entry(500)).equals("{\"newer\":true}") ? null : stack.entry(500);
    }

    private static void plant(int id, String version, String value) throws IOException {
        String key = stack.entry(id);
        command("DEL", EntryKey.metaOf(key));
        assertThat(command(
                        "FCALL",
                        "tm_put",
                        "2",
                        key,
                        EntryKey.metaOf(key),
                        version,
                        "1700000000000000",
                        "0",
                        "60000",
                        "",
                        value))
                .isEqualTo("written");
    }

    private static JsonNode done(String body) throws Exception {
        String id = body(post("/api/cache/replay", body), 202).path("id").asText();
        Await.until("the replay is over", WriterStack.SOON)
                .holds(() -> job(id).path("state").asText().matches("done|failed|cancelled"));
        JsonNode job = job(id);
        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("done");
        return job;
    }

    private static JsonNode job(String id) throws Exception {
        return JSON.readTree(get("/api/cache/jobs/" + id).body());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return AdminCalls.send(stack.writer.url() + path, "GET", "", VIEWER);
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return AdminCalls.send(stack.writer.url() + path, "POST", body, OPERATOR);
    }

    private static Object command(String... command) throws IOException {
        try (RedisConnection connection = redis.connect()) {
            return connection.call(command);
        }
    }
}
