package io.tidemark.testkit.orders;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Answers the API's one path. */
final class OrdersHandler implements HttpHandler {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_PER_PAGE = 100;

    private final Map<String, StoreDesk> byToken = new ConcurrentHashMap<>();

    OrdersHandler(Collection<StoreDesk> desks) {
        desks.forEach(desk -> byToken.put("Bearer " + desk.token(), desk));
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Answer answer = new Answer(exchange);
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        StoreDesk desk = authorization == null ? null : byToken.get(authorization);
        if (desk == null) {
            answer.json(403, message("This token is not valid."));
            return;
        }
        Duration wait = desk.ledger().admit(System.nanoTime());
        if (!wait.isZero()) {
            answer.header("Retry-After", Long.toString(wait.toSeconds() + 1));
            answer.json(429, message("Too Many Attempts."));
            return;
        }
        Query query = Query.of(exchange);
        desk.aboutToAnswer();
        Optional<Mood> mood = desk.takeMood(query.text("cursor").isPresent());
        try {
            if (mood.isPresent()) {
                new Moody(desk, answer).answer(mood.get(), listing(desk, query, mood.get()));
            } else {
                Listing listing = listing(desk, query, null);
                desk.answered(listing.body());
                answer.json(200, listing.body());
            }
        } catch (IllegalArgumentException wrong) {
            answer.json(422, message("The given data was invalid."));
        }
    }

    private static Listing listing(StoreDesk desk, Query query, @Nullable Mood mood) {
        int perPage = Math.min(MOST_PER_PAGE, query.number("per_page", 20));
        if (perPage < 1 || query.number("page", 1) < 1) {
            throw new IllegalArgumentException("page");
        }
        Optional<String> cursor = query.text("cursor");
        if (cursor.isPresent() && mood != Mood.CURSOR_FORGOTTEN) {
            boolean newestFirst = query.text("sort_direction").orElse("asc").equals("desc");
            return Listing.of(
                    desk, desk.store().from(idOf(cursor.get()), perPage, newestFirst), perPage, newestFirst, 0);
        }
        boolean newestFirst = query.text("sort").orElse("id").equals("-id");
        int page = cursor.isPresent() ? 1 : query.number("page", 1);
        return Listing.of(desk, desk.store().page(page, perPage, newestFirst), perPage, newestFirst, page);
    }

    static String cursorOf(int id) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("{\"id\":" + id + ",\"_pointsToNextItems\":true}").getBytes(StandardCharsets.UTF_8));
    }

    private static int idOf(String cursor) {
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(cursor))
                    .path("id")
                    .asInt();
        } catch (IOException e) {
            throw new IllegalArgumentException("cursor", e);
        }
    }

    static byte[] message(String text) {
        return ("{\"message\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    /** What one answer lists. */
    record Listing(List<ObjectNode> orders, byte[] body) {

        /** @param page 0 when read by cursor */
        static Listing of(StoreDesk desk, List<ObjectNode> orders, int perPage, boolean newestFirst, int page) {
            int[] ids =
                    orders.stream().mapToInt(order -> order.path("id").asInt()).toArray();
            desk.ledger().answered(ids, page == 1 && !newestFirst);
            return new Listing(orders, new ListingBody(desk.store(), perPage, newestFirst, page).of(orders));
        }
    }
}
