package io.tidemark.positions.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderPageReaderTest {
    private static final String NAME = "Yasmine Haddad";

    @Test
    void readsAPageWithItsCursor() throws Exception {
        OrderPage page = read("""
                {"data":[{"id":7,"reference":"NATUR7","order_state_name":"shipped","full_name":"Yasmine Haddad",
                "telephone":"0555-1234567","wilaya":"Oran","commune":"Oran","items":[{"product_id":1,"unit_price":10.50}],
                "total":21.00,"created_at":"2024-05-01T10:00:00.000000Z","updated_at":"2024-05-02 10:00:00"},
                {"id":"9"}],"links":{"next":null},"meta":{"per_page":20,"next_cursor":"abc"}}""");
        Order order = page.orders().get(0);
        assertThat(order.total()).isEqualByComparingTo("21");
        assertThat(order.items()).isEqualTo("[{\"product_id\":1,\"unit_price\":10.50}]");
        assertThat(order.createdAt()).isEqualTo(Instant.parse("2024-05-01T10:00:00Z"));
        assertThat(order.updatedAt()).isEqualTo(Instant.parse("2024-05-02T10:00:00Z"));
        assertThat(page.lastId()).isEqualTo(9);
        assertThat(page.nextCursor()).contains("abc");
        assertThat(page.last()).isFalse();
        assertThat(page.oddOrders()).isZero();
        assertThat(page.toString()).doesNotContain("Yasmine", "0555");
    }

    @Test
    void takesAnOrderWithoutTheFieldsThatCannotBeUnderstood() throws Exception {
        OrderPage page = read("""
                {"data":[{"id":1,"reference":17,"telephone":[5],"items":[{"a\\u0000b":"c\\u0000d","e":"\\\\u0000","f":1e999999}],
                "total":"free","updated_at":"yesterday","full_name":"a\\u0000b"}],"meta":{}}""");
        Order order = page.orders().get(0);
        assertThat(order.reference()).isEqualTo("17");
        assertThat(order.total()).isNull();
        assertThat(order.updatedAt()).isNull();
        assertThat(order.buyer().fullName()).isEqualTo("ab");
        assertThat(order.items()).isEqualTo("[{\"ab\":\"cd\",\"e\":\"\\\\u0000\",\"f\":null}]");
        assertThat(page.oddOrders()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | empty body",
                "'<html>Yasmine Haddad</html>' | HTML page",
                "' \n<!doctype html>' | HTML page",
                "'[]' | another kind of JSON",
                "'{\"message\":\"Yasmine Haddad\"}' | one without",
                "'{\"data\":[{\"id\":1,\"full_name\":\"Yasmine Had' | that are not",
                "'{\"data\":[Yasmine Haddad]}' | that are not",
                "'{\"data\":[]} trailing' | that are not",
                "'{\"data\":[{\"reference\":\"Yasmine Haddad\"}]}' | has no id",
                "'{\"data\":[{\"id\":-4}]}' | has no id",
                "'{\"data\":[{\"id\":1.5}]}' | has no id",
                "'{\"data\":[{\"id\":3},{\"id\":2}]}' | ids out of order: order 3 stands before order 2",
                "'{\"data\":[],\"meta\":{\"per_page\":15}}' | set the feed's orders per page to 15",
            })
    void refusesWhatIsNoPageAndQuotesNothingOfIt(String body, String expected) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOf(OrderPageReader.NotAPageException.class)
                .hasMessageContaining(expected)
                .hasMessageNotContaining(NAME)
                .hasNoCause();
    }

    @Test
    void removesDuplicatesAndTurnsNewestFirstRound() throws Exception {
        byte[] body = "{\"data\":[{\"id\":5},{\"id\":5},{\"id\":2}]}".getBytes(StandardCharsets.UTF_8);
        OrderPage page = OrderPageReader.read(body, Direction.NEWEST_FIRST, 20);
        assertThat(page.orders()).extracting(Order::id).containsExactly(2L, 5L);
        assertThat(page.last()).isTrue();
    }

    @Test
    void refusesDepthsThatWouldOverflowTheStack() {
        assertThatThrownBy(() -> read("{\"data\":" + "[".repeat(100_000)))
                .isInstanceOf(OrderPageReader.NotAPageException.class);
    }

    private static OrderPage read(String body) throws OrderPageReader.NotAPageException {
        return OrderPageReader.read(body.getBytes(StandardCharsets.UTF_8), Direction.OLDEST_FIRST, 20);
    }
}
