package io.tidemark.testkit.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OrderFeedSimulatorTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private OrderFeedSimulator simulator =
            OrderFeedSimulator.start(SimulatorSettings.of(new StoreSettings("NATUR", 181_601, 0)));

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void hasTheLastOrderOnTheLastPage() throws Exception {
        JsonNode page = json(get("NATUR", "per_page=20&page=9081&sort=id"));
        assertThat(page.path("data")).hasSize(1);
        assertThat(page.at("/data/0/reference").asText()).isEqualTo("NATUR181601");
        assertThat(page.at("/meta/next_cursor").isNull()).isTrue();
        assertThat(json(get("NATUR", "per_page=20&page=1&sort=-id"))
                        .at("/data/0/id")
                        .asInt())
                .isEqualTo(181_601);
    }

    @Test
    void goesOnFromACursorWithTheOrderThatItPointsAt() throws Exception {
        JsonNode page = json(get("NATUR", "per_page=20&page=3&sort=id"));
        String cursor = page.at("/meta/next_cursor").asText();
        JsonNode next = json(get("NATUR", "per_page=20&sort_direction=asc&cursor=" + cursor));
        assertThat(next.at("/data/0/id").asInt()).isEqualTo(60);
        assertThat(next.at("/data/19/id").asInt()).isEqualTo(79);
    }

    @Test
    void movesPagesWhenOrdersAreDeletedAndShowsLateEdits() throws Exception {
        simulator.store("NATUR").delete(5);
        simulator.store("NATUR").edit(21);
        JsonNode page = json(get("NATUR", "per_page=20&page=1&sort=id"));
        assertThat(page.at("/data/19/id").asInt()).isEqualTo(21);
        assertThat(page.at("/data/19/updated_at").asText())
                .isGreaterThan(page.at("/data/19/created_at").asText());
    }

    @Test
    void refusesAnUnknownTokenAndTheSixthCallOfASecond() throws Exception {
        assertThat(get("PURNA", "page=1").statusCode()).isEqualTo(403);
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            statuses.add(get("NATUR", "page=1").statusCode());
        }
        assertThat(statuses).containsExactly(200, 200, 200, 200, 200, 429);
        assertThat(simulator.ledger("NATUR").overLimit()).isEqualTo(1);
        assertThat(simulator.ledger("NATUR").distinctOrders()).isEqualTo(20);
    }

    @Test
    void admitsNoMoreThanTheLimitInAnySpanWhereverItBegins() {
        CallWindows windows = new CallWindows(List.of(new CallLimit(5, Duration.ofSeconds(1))));
        int admitted = 0;
        for (long millis = 500; millis < 1_500; millis += 10) {
            admitted += windows.admit(millis * 1_000_000).isZero() ? 1 : 0;
        }
        assertThat(admitted).isEqualTo(5);
        assertThat(windows.admit(1_500_000_000L)).isZero();
    }

    @Test
    void answersBadlyOnDemand() throws Exception {
        simulator.mood("NATUR", Mood.BAD_GATEWAY, 1);
        assertThat(get("NATUR", "page=1").statusCode()).isEqualTo(502);
        HttpResponse<String> told = client.send(
                HttpRequest.newBuilder(simulator.baseUri().resolve("/admin/failures?kind=torn-json&store=NATUR"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(told.statusCode()).isEqualTo(200);
        assertThat(get("NATUR", "page=1").body()).doesNotEndWith("}");
    }

    private HttpResponse<String> get(String store, String query) throws Exception {
        String token = SimulatorSettings.of().token(store);
        return client.send(
                HttpRequest.newBuilder(URI.create(simulator.baseUri() + "/api/shop/v2/orders?" + query))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).isEqualTo(200);
        return new ObjectMapper().readTree(response.body());
    }
}
