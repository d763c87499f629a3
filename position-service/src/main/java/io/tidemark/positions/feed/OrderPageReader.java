package io.tidemark.positions.feed;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the body of an answer. An answer that is not a page of orders in the order asked for is refused as a whole; an
 * order whose id is right but which has odd fields is taken without them. Thread-safe.
 */
final class OrderPageReader {

    /** The answer is not a page of orders; the message says what it is and quotes nothing of it. */
    static final class NotAPageException extends Exception {
        private static final long serialVersionUID = 1L;

        NotAPageException(String message) {
            super(message);
        }
    }

    private static final int LONGEST_CURSOR = 4_096;
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(50).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));

    private OrderPageReader() {}

    /** @throws NotAPageException when it is not a page of orders in that direction */
    static OrderPage read(byte[] body, Direction direction, int perPage) throws NotAPageException {
        JsonNode root = tree(body);
        JsonNode data = root.path("data");
        if (!data.isArray()) {
            throw new NotAPageException("expected a JSON object with a list \"data\", found "
                    + (root.isObject() ? "one without" : "another kind of JSON"));
        }
        int answeredPerPage = root.path("meta").path("per_page").asInt(perPage);
        if (answeredPerPage != perPage) {
            throw new NotAPageException("asked for " + perPage + " orders a page, the API puts " + answeredPerPage
                    + " on one; set the feed's orders per page to " + answeredPerPage);
        }
        List<Order> orders = new ArrayList<>(data.size());
        int odd = 0;
        for (JsonNode node : data) {
            OrderReader reader = new OrderReader(node);
            Optional<Order> order = reader.read();
            if (order.isEmpty()) {
                throw new NotAPageException("order " + (orders.size() + 1) + " of the page has no id of 1 or more");
            }
            orders.add(order.get());
            odd += reader.wasOdd() ? 1 : 0;
        }
        Optional<String> cursor = cursor(root.path("meta").path("next_cursor"));
        boolean last = cursor.isEmpty() && !root.path("links").path("next").isTextual();
        return new OrderPage(ascending(orders, direction), cursor, last, perPage, odd);
    }

    private static JsonNode tree(byte[] body) throws NotAPageException {
        if (body.length == 0) {
            throw new NotAPageException("expected JSON, found an empty body");
        }
        if (startsLikeMarkup(body)) {
            throw new NotAPageException("expected JSON, found an HTML page of " + body.length + " bytes");
        }
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            // Its own message quotes the text it stumbled over, which may be a person's name.
            throw new NotAPageException("expected JSON, found " + body.length + " bytes that are not, from byte "
                    + (e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset())) + " on");
        } catch (IOException e) {
            throw new NotAPageException("expected JSON, found " + body.length + " bytes that cannot be read");
        }
    }

    private static boolean startsLikeMarkup(byte[] body) {
        for (byte next : body) {
            if (next > ' ') {
                return next == '<';
            }
        }
        return false;
    }

    private static Optional<String> cursor(JsonNode node) {
        return node.isTextual()
                        && !node.textValue().isEmpty()
                        && node.textValue().length() <= LONGEST_CURSOR
                ? Optional.of(node.textValue())
                : Optional.empty();
    }

    private static List<Order> ascending(List<Order> orders, Direction direction) throws NotAPageException {
        List<Order> ascending = new ArrayList<>(orders.size());
        boolean newestFirst = direction == Direction.NEWEST_FIRST;
        for (int i = 0; i < orders.size(); i++) {
            Order next = orders.get(newestFirst ? orders.size() - 1 - i : i);
            Order before = ascending.isEmpty() ? null : ascending.get(ascending.size() - 1);
            if (before == null || before.id() < next.id()) {
                ascending.add(next);
            } else if (before.id() > next.id()) {
                throw new NotAPageException("ids out of order: order " + before.id() + " stands before order "
                        + next.id() + " on a page asked for by id");
            }
        }
        return ascending;
    }
}
