package io.tidemark.positions.feed;

import io.tidemark.core.pipeline.Secret;
import io.tidemark.positions.feed.OrderApiException.CursorLost;
import io.tidemark.positions.feed.OrderApiException.Forbidden;
import io.tidemark.positions.feed.OrderApiException.TooManyCalls;
import io.tidemark.positions.feed.OrderApiException.Unavailable;
import io.tidemark.positions.feed.OrderApiException.Unreadable;
import io.tidemark.positions.position.StoreId;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The API over HTTP: one call a request, no second try, no count of calls. Redirects are not followed, since the token
 * would go along. Thread-safe.
 */
public final class HttpOrderApi implements OrderApi {
    private static final int LONGEST_BODY = 8 * 1024 * 1024;

    private final FeedAddress address;
    private final StoreTokens tokens;
    private final int perPage;
    private final Duration timeout;
    private final InstantSource clock;
    private final HttpClient client;

    /**
     * @param perPage orders a page
     * @param timeout how long the whole answer may take, from connecting to the last byte
     * @param clock for a Retry-After that is a date
     */
    public HttpOrderApi(FeedAddress address, StoreTokens tokens, int perPage, Duration timeout, InstantSource clock) {
        this.address = address;
        this.tokens = tokens;
        this.perPage = perPage;
        this.timeout = timeout;
        this.clock = clock;
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public OrderPage read(StoreId store, PageRequest request) throws OrderApiException, InterruptedException {
        Secret token = tokens.of(store)
                .orElseThrow(() -> new Forbidden(
                        store,
                        "it has no API token; set TIDEMARK_FEED_TOKEN_"
                                + store.name().toUpperCase(Locale.ROOT) + " or put a file " + store
                                + " into the directory TIDEMARK_FEED_TOKENS names"));
        HttpResponse<byte[]> response = answer(store, request, token);
        return switch (response.statusCode()) {
            case 200 -> page(store, request, response.body());
            case 401, 403 ->
                throw new Forbidden(
                        store, "the API refuses its token with " + response.statusCode() + "; renew the token");
            case 429 ->
                throw new TooManyCalls(
                        store, RetryAfter.of(response.headers().firstValue("Retry-After"), clock.instant()));
            case 400, 404, 410, 422 -> throw refused(store, request, response.statusCode());
            default -> throw failed(store, request, response.statusCode());
        };
    }

    private HttpResponse<byte[]> answer(StoreId store, PageRequest request, Secret token)
            throws OrderApiException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(call(store, request, token), header -> new BoundedBody(LONGEST_BODY));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Unavailable(
                    store, "no whole answer within " + timeout.toMillis() + " ms to " + request.label(), null);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String what = cause instanceof IOException ? describe(cause) : cause.toString();
            throw new Unavailable(store, "no whole answer to " + request.label() + ": " + what, cause);
        } finally {
            // Gives up the connection when there is no answer; has no effect when there is one.
            answer.cancel(true);
        }
    }

    private HttpRequest call(StoreId store, PageRequest request, Secret token) throws OrderApiException {
        try {
            return HttpRequest.newBuilder(address.of(store, request, perPage))
                    .header("Accept", "application/json")
                    .header("Authorization", "Bearer " + token.reveal())
                    .header("User-Agent", "tidemark")
                    .timeout(timeout)
                    .GET()
                    .build();
        } catch (IllegalArgumentException e) {
            // The cause is left out: its message quotes the header, that is the token.
            throw new Forbidden(store, "its API token holds characters that no token may hold; write it again");
        }
    }

    private OrderPage page(StoreId store, PageRequest request, byte[] body) throws Unreadable {
        try {
            return OrderPageReader.read(body, request.direction(), perPage);
        } catch (OrderPageReader.NotAPageException e) {
            throw new Unreadable(
                    store, "the answer to " + request.label() + " is no page of orders: " + e.getMessage());
        }
    }

    private static OrderApiException refused(StoreId store, PageRequest request, int status) {
        return request instanceof PageRequest.From
                ? new CursorLost(store, "the API does not know the cursor any more (" + status + ")")
                : new Unreadable(
                        store, "the API answered " + status + " to " + request.label() + "; check the feed's address");
    }

    private static OrderApiException failed(StoreId store, PageRequest request, int status) {
        if (status >= 500 || status == 408) {
            return new Unavailable(store, "the API answered " + status + " to " + request.label(), null);
        }
        String hint = status >= 300 && status < 400 ? ", a redirect, which is not followed" : "";
        return new Unreadable(
                store, "the API answered " + status + " to " + request.label() + hint + "; check the feed's address");
    }

    private static String describe(Throwable failure) {
        String message = failure.getMessage();
        return failure.getClass().getSimpleName() + (message == null ? "" : ", " + message);
    }
}
