package io.tidemark.positions.feed;

import io.tidemark.positions.position.StoreId;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Where the order API is.
 *
 * @param base http or https, without the API's own path; {@code {store}} in it stands for the store's name in lower
 *     case, for an API with a host or a path for each store
 */
public record FeedAddress(String base) {
    private static final String PATH = "/api/shop/v2/orders";

    /** @throws IllegalArgumentException when it is no such address */
    public FeedAddress {
        base = base.strip().replaceAll("/+$", "");
        URI tried;
        try {
            tried = URI.create(base.replace("{store}", "store"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "expected the order API's address as https://host, found one that" + " cannot be read", e);
        }
        boolean web = "https".equals(tried.getScheme()) || "http".equals(tried.getScheme());
        if (!web || tried.getHost() == null || tried.getUserInfo() != null || tried.getQuery() != null) {
            throw new IllegalArgumentException("expected the order API's address as https://host or https://host/path,"
                    + " without user and query, found another form");
        }
    }

    /** The whole address of a call. */
    URI of(StoreId store, PageRequest request, int perPage) {
        String query = "?per_page=" + perPage;
        if (request instanceof PageRequest.Numbered numbered) {
            query +=
                    "&page=" + numbered.page() + "&sort=" + numbered.direction().sort();
        } else if (request instanceof PageRequest.From from) {
            query += "&cursor=" + URLEncoder.encode(from.cursor(), StandardCharsets.UTF_8) + "&sort_direction="
                    + from.direction().cursorDirection();
        }
        return URI.create(base.replace("{store}", store.name().toLowerCase(Locale.ROOT)) + PATH + query);
    }
}
