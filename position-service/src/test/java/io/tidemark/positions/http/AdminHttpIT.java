package io.tidemark.positions.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tidemark.positions.RunningConsole;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.servers.SharedServers;
import io.tidemark.testkit.service.MetricsPage;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminHttpIT {
    private static final String PREFIX = "a" + UUID.randomUUID().toString().substring(0, 8);

    @TempDir
    private static Path data;

    private static RunningConsole service;

    @BeforeAll
    static void start() throws Exception {
        RunningConsole.redis("FLUSHALL");
        service = new RunningConsole(data, PREFIX);
        for (String store : List.of("NATUR", "PURNA", "DILST", "MGSTR", "JWLR")) {
            put(store, "{\"page\":9070,\"first_id\":181582,\"last_reference\":\"" + store + "181601\"}");
        }
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void theStatusNamesBadgesCountsHealthAndRecommendations() throws Exception {
        JsonNode status = json(admin("GET", "/api/admin/sync-position-status", ""));
        assertThat(status.path("health_percent").asInt()).isEqualTo(100);
        assertThat(status.path("counts").path("healthy").asInt()).isEqualTo(5);
        assertThat(status.path("positions").get(0).path("position").path("page").asInt())
                .isPositive();
        assertThat(status.path("cache_loss").path("detected").asBoolean()).isFalse();
    }

    @Test
    void aFlushIsRepairedByItselfWithinSecondsAndNoStoreIsAtPageOne() throws Exception {
        RunningConsole.redis("FLUSHALL");
        Await.until("every position is back in Redis", Duration.ofSeconds(15))
                .holds(() -> "9070".equals(RunningConsole.redis("HGET", "tm:position:{MGSTR}", "page"))
                        && RunningConsole.redis("HGET", "tm:position:{JWLR}", "page") != null);
        JsonNode status = json(admin("GET", "/api/admin/sync-position-status", ""));
        assertThat(status.path("last_recovery").path("success").asBoolean()).isTrue();
    }

    @Test
    void restoringTellsBeforeAndAfterPerStore() throws Exception {
        RunningConsole.redis("HSET", "tm:position:{PURNA}", "page", "1", "first_id", "1", "last_id", "20");
        JsonNode report = json(admin("POST", "/api/admin/restore-sync-positions", ""));
        assertThat(report.path("success").asBoolean()).isTrue();
        assertThat(report.path("stores")).hasSize(5);
        assertThat(report.path("health_percent_after").asInt()).isEqualTo(100);
        JsonNode again = json(admin("POST", "/api/admin/auto-recover-sync-positions", ""));
        assertThat(again.path("why").asText()).isEqualTo("nothing is lost");
        JsonNode one = json(admin("POST", "/api/admin/restore-sync-positions", "{\"stores\":[\"NATUR\"]}"));
        assertThat(one.path("stores")).hasSize(1);
        assertThat(one.path("stores").get(0).path("outcome").asText()).isEqualTo("unchanged");
    }

    @Test
    void aRewindIsShownThenDoneThenUndone() throws Exception {
        JsonNode shown = json(admin("GET", "/api/admin/positions/DILST/rewind?page=9000", ""));
        assertThat(shown.path("done").asBoolean()).isFalse();
        assertThat(shown.path("pages_read_again").asInt()).isEqualTo(70);
        assertThat(json(admin("POST", "/api/admin/positions/DILST/rewind", "{\"page\":9000}"))
                        .path("after")
                        .path("page")
                        .asInt())
                .isEqualTo(9000);
        assertThat(page("DILST")).isEqualTo(9000);
        assertThat(admin("POST", "/api/admin/positions/DILST/undo-rewind", "").statusCode())
                .isEqualTo(200);
        assertThat(page("DILST")).isEqualTo(9070);
        JsonNode history = json(admin("GET", "/api/admin/positions/DILST", "")).path("history");
        assertThat(history.findValuesAsText("kind")).contains("rewound", "undone");
    }

    @Test
    void aStoreIsPausedAndResumed() throws Exception {
        assertThat(json(admin("POST", "/api/admin/positions/JWLR/pause", ""))
                        .path("sync")
                        .path("phase")
                        .asText())
                .isEqualTo("paused");
        assertThat(json(admin("POST", "/api/admin/positions/JWLR/resume", ""))
                        .path("sync")
                        .path("phase")
                        .asText())
                .isEqualTo("waiting");
    }

    @ParameterizedTest(name = "{0} {1} {2}: {3} names {4}")
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT|/api/admin/positions/NOSUCH|{\"page\":1,\"first_id\":1,\"last_id\":2}|404|store",
                "PUT|/api/admin/positions/NATUR|{\"page\":0,\"first_id\":1,\"last_id\":2}|400|page",
                "PUT|/api/admin/positions/NATUR|{\"page\":-3,\"first_id\":1,\"last_id\":2}|400|page",
                "PUT|/api/admin/positions/NATUR|{\"page\":\"x\",\"first_id\":1,\"last_id\":2}|400|page",
                "PUT|/api/admin/positions/NATUR|{\"page\":2.5,\"first_id\":1,\"last_id\":2}|400|page",
                "PUT|/api/admin/positions/NATUR|{\"first_id\":1,\"last_id\":2}|400|page",
                "PUT|/api/admin/positions/NATUR|{\"page\":5,\"first_id\":9,\"last_id\":2}|400|first_id",
                "PUT|/api/admin/positions/NATUR|{\"page\":5,\"first_id\":1,\"last_reference\":\"NATUR\"}|400|last_reference",
                "PUT|/api/admin/positions/NATUR|{\"page\":9999,\"first_id\":1,\"last_reference\":\"PURNA199999\"}|400|last_reference",
                "PUT|/api/admin/positions/NATUR|{\"page\":5,\"first_id\":\"eleven\",\"last_id\":2}|400|first_id",
                "PUT|/api/admin/positions/NATUR|{\"page\":5,\"first_id\":1,\"last_id\":99999999999999999999}|400|last_id",
                "PUT|/api/admin/positions/NATUR|{\"page\":1,\"first_id\":1,\"last_id\":20}|409|last_id",
                "PUT|/api/admin/positions/NATUR|{\"page\":|400|body",
                "PUT|/api/admin/positions/NATUR|[1]|400|body",
                "POST|/api/admin/restore-sync-positions|{\"stores\":[\"NOSUCH\"]}|404|store",
                "POST|/api/admin/restore-sync-positions|{\"stores\":\"NATUR\"}|400|stores",
                "POST|/api/admin/positions/MGSTR/rewind|{\"page\":999999}|400|page",
                "GET|/api/admin/positions/MGSTR/rewind?page=abc||400|page",
                "POST|/api/admin/positions/MGSTR/undo-rewind||409|store",
                "GET|/api/admin/positions/..%2Fetc||404|store",
            })
    void badInputIsAnsweredWithTheFieldAndTheRemedy(String method, String path, String body, int status, String field)
            throws Exception {
        HttpResponse<String> answer = admin(method, path, body == null ? "" : body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json(answer).path("field").asText()).isEqualTo(field);
        assertThat(json(answer).path("remedy").asText()).isNotEmpty();
        assertThat(page("MGSTR")).isEqualTo(9070);
    }

    @ParameterizedTest(name = "{0} {1} as {2}: {3}")
    @CsvSource({
        "GET, /api/admin/sync-position-status, none, 401",
        "GET, /api/admin/sync-position-status, wrong, 401",
        "GET, /api/admin/sync-position-status, viewer, 200",
        "POST, /api/admin/restore-sync-positions, none, 401",
        "POST, /api/admin/restore-sync-positions, viewer, 403",
        "POST, /api/admin/auto-recover-sync-positions, operator, 200",
        "POST, /api/admin/positions/MGSTR/rewind, operator, 403",
        "GET, /prometheus, none, 401",
        "GET, /swagger/tidemark-position-service-1.yml, none, 401",
        "POST, /api/admin/positions/MGSTR/rewind, viewer, 403",
        "POST, /positions/restore, none, 401",
        "GET, /positions/live, none, 401",
        "GET, /env, none, 401",
        "GET, /health, none, 200",
        "DELETE, /api/admin/positions/NATUR, admin, 405",
        "GET, /api/admin/restore-sync-positions, admin, 405",
    })
    void onlyTheRightTokenMayLookOrChange(String method, String path, String who, int status) throws Exception {
        assertThat(as(who, method, path).statusCode()).isEqualTo(status);
    }

    @Test
    void aRequestOfAnotherSiteIsNotTakenWhateverItCarries() throws Exception {
        String path = "/api/admin/restore-sync-positions";
        String bearer = "Bearer " + RunningConsole.ADMIN;
        assertThat(service.send("POST", path, "", "Authorization", bearer, "Origin", "http://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(service.send("POST", path, "", "Authorization", bearer, "Sec-Fetch-Site", "cross-site")
                        .statusCode())
                .isEqualTo(403);
        assertThat(service.send("POST", path, "", "Authorization", bearer, "Origin", service.url())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aBodyThatIsFarTooLargeIsRefused() throws Exception {
        HttpResponse<String> answer =
                admin("PUT", "/api/admin/positions/NATUR", "{\"page\":\"" + "9".repeat(200_000) + "\"}");
        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void everyAnswerCarriesAStrictPolicyAndTheApiIsDescribed() throws Exception {
        HttpResponse<String> login = service.send("GET", "/login", "");
        assertThat(login.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'")
                .doesNotContain("unsafe");
        HttpResponse<String> described = as("viewer", "GET", "/swagger/tidemark-position-service-1.yml");
        assertThat(described.body()).contains("/api/admin/restore-sync-positions");
    }

    @Test
    void noTokenIsInWhatTheServiceSaysOfItself() throws Exception {
        for (String path : List.of("/health", "/prometheus")) {
            assertThat(as("viewer", "GET", path).body()).doesNotContain(RunningConsole.ADMIN);
        }
    }

    @Test
    void theMetricsMoveWithThePositions() throws Exception {
        MetricsPage before = metrics();
        put("NATUR", "{\"page\":9071,\"first_id\":181602,\"last_id\":181621}");
        RunningConsole.redis("FLUSHALL");
        Await.until("the loss and its repair are counted", Duration.ofSeconds(20))
                .sees(
                        AdminHttpIT::metrics,
                        now -> now.sum("tidemark_positions_restored_total", "layer", "kafka")
                                        >= before.sum("tidemark_positions_restored_total", "layer", "kafka") + 5
                                && now.sum("tidemark_position_recoveries_seconds_count", "success", "true")
                                        > before.sum("tidemark_position_recoveries_seconds_count", "success", "true")
                                && now.sum("tidemark_positions_health_ratio") == 1
                                && now.sum("tidemark_position_page", "store", "NATUR") == 9071);
        MetricsPage now = metrics();
        assertThat(now.sum("tidemark_positions_written_total", "layer", "redis", "verdict", "written"))
                .isGreaterThan(before.sum("tidemark_positions_written_total", "layer", "redis", "verdict", "written"));
        assertThat(now.sum("tidemark_position_layer_seconds_count", "layer", "kafka", "operation", "write"))
                .isGreaterThan(
                        before.sum("tidemark_position_layer_seconds_count", "layer", "kafka", "operation", "write"));
        assertThat(now.sum("tidemark_positions_stores")).isEqualTo(5);
        assertThat(now.sum("tidemark_positions_stores", "badge", "healthy")).isEqualTo(5);
        assertThat(now.has("tidemark_position_age_seconds", "store", "JWLR")).isTrue();
        assertThat(now.has("tidemark_positions_waiting", "layer", "json")).isTrue();
        assertThat(now.sum("tidemark_order_api_calls_left", "store", "PURNA", "limit", "hour"))
                .isEqualTo(871);
        assertThat(now.has("tidemark_build_info", "service", "position-service"))
                .isTrue();
    }

    @Test
    void theLagOfEveryGroupIsSaidWithItsHistory() throws Exception {
        String group = PREFIX + ".a group";
        String topic = PREFIX + ".public.lagging";
        try (Admin kafka = Admin.create(
                Map.of("bootstrap.servers", (Object) SharedServers.kafka().bootstrap()))) {
            kafka.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
            kafka.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(0)))
                    .all()
                    .get();
        }
        String path = "/api/lag?group=" + URLEncoder.encode(group, StandardCharsets.UTF_8);
        Await.until("the group is seen", Duration.ofSeconds(15))
                .holds(() -> admin("GET", path, "").statusCode() == 200);
        JsonNode lag = json(as("viewer", "GET", path));
        assertThat(lag.path("age_ms").asLong()).isLessThan(2_000);
        JsonNode one = lag.path("groups").path(0);
        assertThat(one.path("kafka_state").asText()).isEqualTo("Empty");
        assertThat(one.path("state").asText()).isEqualTo("ok");
        assertThat(one.path("topics").path(0).path("table").asText()).isEqualTo("public.lagging");
        assertThat(one.path("topics")
                        .path(0)
                        .path("partitions")
                        .path(0)
                        .path("records")
                        .asLong())
                .isZero();
        JsonNode history = json(admin("GET", path.replace("/api/lag", "/api/lag/history"), ""));
        assertThat(history.path("points")).isNotEmpty();
        assertThat(metrics().sum("tidemark_lag_groups", "state", "ok")).isPositive();
        assertThat(metrics().sum("tidemark_lag_look_age_seconds")).isLessThan(2);
    }

    @ParameterizedTest
    @CsvSource({
        "none,   /api/lag,                            401",
        "viewer, /api/lag,                            200",
        "viewer, /api/lag?group=nobody,               404",
        "viewer, /api/lag/history,                    400",
        "viewer, /api/lag/history?group=nobody,       404",
        "viewer, /api/lag/history?group=x&hours=73,   400",
        "viewer, /lag,                                200",
        "viewer, /lag?group=nobody,                   404"
    })
    void whoAsksForLagIsAnsweredOrToldWhy(String who, String path, int status) throws Exception {
        Await.until("Kafka was asked", Duration.ofSeconds(15))
                .holds(() -> admin("GET", "/api/lag", "").statusCode() == 200);
        HttpResponse<String> answer = as(who, "GET", path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        if (status >= 400 && path.startsWith("/api/")) {
            assertThat(answer.body()).contains("error", "remedy");
        }
    }

    private static MetricsPage metrics() throws Exception {
        return MetricsPage.read(as("viewer", "GET", "/prometheus").body());
    }

    private static long page(String store) throws Exception {
        return json(admin("GET", "/api/admin/positions/" + store, ""))
                .path("position")
                .path("page")
                .asLong();
    }

    private static void put(String store, String body) throws Exception {
        HttpResponse<String> answer = admin("PUT", "/api/admin/positions/" + store, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static HttpResponse<String> admin(String method, String path, String body) throws Exception {
        return service.send(method, path, body, "Authorization", "Bearer " + RunningConsole.ADMIN);
    }

    private static HttpResponse<String> as(String who, String method, String path) throws Exception {
        String accept = path.startsWith("/positions/live") ? "text/event-stream" : "*/*";
        return switch (who) {
            case "none" -> service.send(method, path, "", "Accept", accept);
            case "wrong" -> service.send(method, path, "", "Authorization", "Bearer not-the-token-at-all-000000");
            case "viewer" -> service.send(method, path, "", "Authorization", "Bearer " + RunningConsole.VIEWER);
            case "operator" -> service.send(method, path, "", "Authorization", "Bearer " + RunningConsole.OPERATOR);
            default -> admin(method, path, "");
        };
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return new JsonMapper().readTree(answer.body());
    }
}
