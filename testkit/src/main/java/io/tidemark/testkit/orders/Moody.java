package io.tidemark.testkit.orders;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.testkit.orders.OrdersHandler.Listing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Answers a call badly. */
final class Moody {
    private static final long LONG_MILLIS = 120_000;

    private final StoreDesk desk;
    private final Answer answer;

    Moody(StoreDesk desk, Answer answer) {
        this.desk = desk;
        this.answer = answer;
    }

    void answer(Mood mood, Listing listing) throws IOException {
        try {
            switch (mood) {
                case TOO_MANY -> {
                    answer.header("Retry-After", "1");
                    answer.json(429, OrdersHandler.message("Too Many Attempts."));
                }
                case SERVER_ERROR -> answer.json(500, OrdersHandler.message("Server Error"));
                case BAD_GATEWAY -> answer.html(502, "502 Bad Gateway");
                case HTML -> answer.html(200, "Please log in");
                case HALF_BODY -> answer.half(listing.body());
                case TORN_JSON -> answer.json(200, Answer.firstHalf(listing.body()));
                case EMPTY_BODY -> answer.json(200, new byte[0]);
                case SILENCE -> answer.silence(LONG_MILLIS);
                case DRIP -> answer.drip(listing.body(), 50);
                case OUT_OF_ORDER -> answer.json(200, mixed(listing));
                case REPEAT -> answer.json(200, desk.lastAnswer());
                case ID_MISSING -> answer.json(200, without(listing));
                case ODD_FIELDS -> answer.json(200, odd(listing));
                case FORBIDDEN -> answer.json(403, OrdersHandler.message("This token is not valid."));
                case REDIRECT -> {
                    answer.header("Location", "http://127.0.0.1:9/stolen");
                    answer.json(302, new byte[0]);
                }
                case CURSOR_FORGOTTEN -> answer.json(200, listing.body());
                case CURSOR_REFUSED -> answer.json(422, OrdersHandler.message("The cursor is not valid."));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private byte[] mixed(Listing listing) {
        List<ObjectNode> orders = new ArrayList<>(listing.orders());
        Collections.swap(orders, 0, orders.size() - 1);
        return body(orders);
    }

    private byte[] without(Listing listing) {
        List<ObjectNode> orders = new ArrayList<>(listing.orders());
        orders.set(0, orders.get(0).without("id"));
        return body(orders);
    }

    private byte[] odd(Listing listing) {
        List<ObjectNode> orders = new ArrayList<>(listing.orders());
        ObjectNode odd = orders.get(0);
        odd.put("reference", 17);
        odd.put("total", "free");
        odd.putArray("telephone");
        odd.put("items", "none");
        odd.put("updated_at", "yesterday");
        odd.put("full_name", "nul \u0000 inside");
        return body(orders);
    }

    private byte[] body(List<ObjectNode> orders) {
        return new ListingBody(desk.store(), 20, false, 1).of(orders);
    }
}
