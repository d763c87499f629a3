package io.tidemark.positions.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tidemark.positions.feed.OrderApi;
import io.tidemark.positions.feed.OrderApiException;
import io.tidemark.positions.feed.OrderApiException.BudgetSpent;
import io.tidemark.positions.feed.OrderApiException.CursorLost;
import io.tidemark.positions.feed.OrderApiException.Forbidden;
import io.tidemark.positions.feed.OrderApiException.TooManyCalls;
import io.tidemark.positions.feed.OrderApiException.Unavailable;
import io.tidemark.positions.feed.OrderApiException.Unreadable;
import io.tidemark.positions.feed.OrderPage;
import io.tidemark.positions.feed.PageRequest;
import io.tidemark.positions.position.StoreId;
import java.util.List;

/** Counts and times each call of another API, by what came of it. Thread-safe. */
public final class CountedOrderApi implements OrderApi {
    private static final String NAME = "tidemark.order.api.calls";
    private static final List<String> RESULTS =
            List.of("page", "too_many_calls", "forbidden", "unavailable", "unreadable", "cursor_lost", "other");

    private final OrderApi api;
    private final MeterRegistry registry;

    public CountedOrderApi(OrderApi api, MeterRegistry registry) {
        this.api = api;
        this.registry = registry;
        // Every result is there from the start, so that a rate over it begins at nought.
        RESULTS.forEach(this::timer);
    }

    @Override
    public OrderPage read(StoreId store, PageRequest request) throws OrderApiException, InterruptedException {
        Timer.Sample began = Timer.start(registry);
        String result = "other";
        try {
            OrderPage page = api.read(store, request);
            result = "page";
            return page;
        } catch (OrderApiException failure) {
            result = of(failure);
            throw failure;
        } finally {
            began.stop(timer(result));
        }
    }

    private static String of(OrderApiException failure) {
        if (failure instanceof TooManyCalls) {
            return "too_many_calls";
        } else if (failure instanceof Forbidden) {
            return "forbidden";
        } else if (failure instanceof Unavailable) {
            return "unavailable";
        } else if (failure instanceof Unreadable) {
            return "unreadable";
        } else if (failure instanceof CursorLost) {
            return "cursor_lost";
        }
        return failure instanceof BudgetSpent ? "too_many_calls" : "other";
    }

    private Timer timer(String result) {
        return Timer.builder(NAME)
                .description("Calls of the order API, by what came of them")
                .tag("result", result)
                .register(registry);
    }
}
