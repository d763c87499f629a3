package io.tidemark.positions.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.core.pipeline.Secret;
import io.tidemark.testkit.orders.Mood;
import io.tidemark.testkit.orders.OrderFeedSimulator;
import io.tidemark.testkit.orders.SimulatorSettings;
import io.tidemark.testkit.orders.StoreSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpOrderApiTest extends OrderApiContract {
    private final OrderFeedSimulator simulator = OrderFeedSimulator.start(
            SimulatorSettings.of(new StoreSettings(STORE.name(), ORDERS, 0)).withLimitsTimes(100));
    private final OrderApi api = api(Duration.ofSeconds(10), simulator.token(STORE.name()));

    @AfterEach
    void stop() {
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource({
        "SERVER_ERROR, Unavailable, 500",
        "BAD_GATEWAY, Unavailable, 502",
        "HTML, Unreadable, HTML page",
        "HALF_BODY, Unavailable, no whole answer",
        "TORN_JSON, Unreadable, that are not",
        "EMPTY_BODY, Unreadable, empty body",
        "SILENCE, Unavailable, within 700 ms",
        "DRIP, Unavailable, within 700 ms",
        "OUT_OF_ORDER, Unreadable, out of order",
        "ID_MISSING, Unreadable, has no id",
        "FORBIDDEN, Forbidden, 403",
        "REDIRECT, Unreadable, redirect",
        "TOO_MANY, TooManyCalls, 429",
    })
    void namesTheStoreAndTheCauseOfWhatIsNoPage(Mood mood, String kind, String cause) {
        simulator.mood(STORE.name(), mood, 1);
        boolean waits = mood == Mood.SILENCE || mood == Mood.DRIP;
        OrderApi asked = waits ? api(Duration.ofMillis(700), simulator.token(STORE.name())) : api;
        assertThatThrownBy(() -> asked.read(STORE, PageRequest.numbered(2)))
                .isInstanceOf(OrderApiException.class)
                .satisfies(failure ->
                        assertThat(failure.getClass().getSimpleName()).isEqualTo(kind))
                .hasMessageStartingWith("store NATUR: ")
                .hasMessageContaining(cause);
    }

    @Test
    void takesOrdersWithOddFieldsAndCountsThem() throws Exception {
        simulator.mood(STORE.name(), Mood.ODD_FIELDS, 1);
        assertThat(api.read(STORE, PageRequest.numbered(1)).oddOrders()).isEqualTo(1);
    }

    @Test
    void tellsACursorThatIsRefusedFromAPageThatIsNot() throws Exception {
        String cursor = api.read(STORE, PageRequest.numbered(1)).nextCursor().orElseThrow();
        simulator.mood(STORE.name(), Mood.CURSOR_REFUSED, 1);
        assertThatThrownBy(() -> api.read(STORE, PageRequest.onwards(cursor)))
                .isInstanceOf(OrderApiException.CursorLost.class);
    }

    @Test
    void neverShowsATokenNotEvenOneThatCannotBeSent() {
        OrderApi wrong = api(Duration.ofSeconds(1), "geheim\r\nX-Forged: 1");
        assertThatThrownBy(() -> wrong.read(STORE, PageRequest.numbered(1)))
                .isInstanceOf(OrderApiException.Forbidden.class)
                .hasMessageNotContaining("geheim")
                .hasNoCause();
    }

    @Test
    void readsRetryAfterAsSecondsAndAsADateWithinBounds() {
        Instant now = Instant.parse("2026-11-20T10:00:00Z");
        assertThat(RetryAfter.of(Optional.of("7"), now)).isEqualTo(Duration.ofSeconds(7));
        assertThat(RetryAfter.of(Optional.of("Fri, 20 Nov 2026 10:02:00 GMT"), now))
                .isEqualTo(Duration.ofMinutes(2));
        assertThat(RetryAfter.of(Optional.of("Fri, 20 Nov 2026 09:00:00 GMT"), now))
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(RetryAfter.of(Optional.of("999999999"), now)).isEqualTo(Duration.ofDays(1));
        assertThat(RetryAfter.of(Optional.of("soon"), now)).isEqualTo(Duration.ofMinutes(1));
        assertThat(RetryAfter.of(Optional.empty(), now)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void refusesAddressesThatAreNoPlainWebAddress() {
        for (String wrong : new String[] {"", "ftp://x", "https://user:pw@x", "https://x?y=1", "x", "https://"}) {
            assertThatThrownBy(() -> new FeedAddress(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("pw@");
        }
        assertThat(new FeedAddress("https://{store}.shop.example/").of(STORE, PageRequest.onwards("a b/"), 20))
                .hasToString(
                        "https://natur.shop.example/api/shop/v2/orders?per_page=20&cursor=a+b%2F&sort_direction=asc");
    }

    private HttpOrderApi api(Duration timeout, String token) {
        return new HttpOrderApi(
                new FeedAddress(simulator.baseUri().toString()),
                store -> Optional.of(new Secret(store.equals(STORE) ? token : "unknown")),
                20,
                timeout,
                InstantSource.system());
    }

    @Override
    OrderApi api() {
        return api;
    }

    @Override
    void delete(int id) {
        simulator.store(STORE.name()).delete(id);
    }

    @Override
    void add(int howMany) {
        simulator.store(STORE.name()).add(howMany);
    }
}
