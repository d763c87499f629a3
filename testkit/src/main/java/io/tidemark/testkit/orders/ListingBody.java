package io.tidemark.testkit.orders;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON around a list of orders.
 *
 * @param page 0 when read by cursor
 */
record ListingBody(SimulatedStore store, int perPage, boolean newestFirst, int page) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/api/shop/v2/orders";

    byte[] of(List<ObjectNode> orders) {
        ObjectNode body = JSON.createObjectNode();
        orders.forEach(body.putArray("data")::add);
        Integer forward = null;
        Integer back = null;
        if (!orders.isEmpty()) {
            int first = orders.get(0).path("id").asInt();
            int last = orders.get(orders.size() - 1).path("id").asInt();
            forward = hasBeyond(last, newestFirst) ? last : null;
            back = hasBeyond(first, !newestFirst) ? first : null;
        }
        ObjectNode links = body.putObject("links");
        links.putNull("first");
        links.putNull("last");
        links.put("prev", back == null ? null : link(page - 1, back, !newestFirst));
        links.put("next", forward == null ? null : link(page + 1, forward, newestFirst));
        ObjectNode meta = body.putObject("meta");
        meta.put("path", PATH);
        meta.put("per_page", perPage);
        meta.put("next_cursor", cursor(forward));
        meta.put("prev_cursor", cursor(back));
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("BUG: a tree of JSON could not be written", e);
        }
    }

    private boolean hasBeyond(int id, boolean downwards) {
        return store.from(downwards ? id - 1 : id + 1, 1, downwards).size() == 1;
    }

    private String link(int otherPage, int id, boolean downwards) {
        return page == 0
                ? PATH + "?cursor=" + cursor(id) + "&sort_direction=" + (downwards ? "desc" : "asc")
                : PATH + "?per_page=" + perPage + "&page=" + otherPage + "&sort=" + (newestFirst ? "-id" : "id");
    }

    private static @Nullable String cursor(@Nullable Integer id) {
        return id == null ? null : OrdersHandler.cursorOf(id);
    }
}
