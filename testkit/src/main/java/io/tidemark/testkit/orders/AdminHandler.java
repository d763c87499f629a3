package io.tidemark.testkit.orders;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The simulator's own paths: GET stores, ledger, truth/STORE; POST stores/STORE/orders, /edits, /deletions, failures,
 * traffic.
 */
final class AdminHandler implements HttpHandler {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PER_PAGE = 20;

    private final OrderFeedSimulator simulator;

    AdminHandler(OrderFeedSimulator simulator) {
        this.simulator = simulator;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Answer answer = new Answer(exchange);
        String[] path =
                exchange.getRequestURI().getPath().substring("/admin/".length()).split("/");
        try {
            Object result = exchange.getRequestMethod().equals("POST")
                    ? change(path, Query.of(exchange))
                    : look(path, Query.of(exchange));
            answer.json(200, JSON.writeValueAsBytes(result));
        } catch (IllegalArgumentException wrong) {
            answer.json(400, JSON.writeValueAsBytes(Map.of("message", String.valueOf(wrong.getMessage()))));
        }
    }

    private Object look(String[] path, Query query) {
        return switch (path[0]) {
            case "stores" -> simulator.stores().stream().map(this::store).toList();
            case "ledger" -> path.length > 1 ? simulator.ledger(path[1]).figures() : ledgers();
            case "truth" -> truth(path, query);
            default -> throw new IllegalArgumentException("expected stores, ledger or truth/STORE");
        };
    }

    private Object change(String[] path, Query query) {
        int count = query.number("count", 1);
        switch (path[0]) {
            case "stores" -> {
                require(path.length == 3, "expected stores/STORE/orders, edits or deletions");
                SimulatedStore store = simulator.store(path[1]);
                int from = query.number("from", 1);
                int to = query.number("to", store.lastId());
                switch (path[2]) {
                    case "orders" -> store.add(count);
                    case "edits" -> store.edit(count, from, to);
                    case "deletions" -> store.delete(count, from, to);
                    default -> throw new IllegalArgumentException("expected orders, edits or deletions");
                }
                return store(path[1]);
            }
            case "failures" -> {
                Mood mood = Mood.parse(query.text("kind").orElse(""));
                List<String> stores = query.text("store").map(List::of).orElseGet(simulator::stores);
                stores.forEach(store -> simulator.mood(store, mood, count));
                return Map.of("mood", mood, "stores", stores, "count", count);
            }
            case "traffic" -> {
                simulator.traffic().set(rate(query, "new"), rate(query, "edits"), rate(query, "deletions"));
                return Map.of("traffic", "set");
            }
            default -> throw new IllegalArgumentException("expected stores/STORE/…, failures or traffic");
        }
    }

    private Map<String, Object> store(String name) {
        SimulatedStore store = simulator.store(name);
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("store", name);
        shown.put("orders", store.count());
        shown.put("lastId", store.lastId());
        shown.put("pages", store.pages(PER_PAGE));
        return shown;
    }

    private Map<String, Object> ledgers() {
        Map<String, Object> all = new LinkedHashMap<>();
        simulator
                .stores()
                .forEach(store -> all.put(store, simulator.ledger(store).figures()));
        return all;
    }

    private List<Map<String, Object>> truth(String[] path, Query query) {
        require(path.length == 2, "expected truth/STORE");
        return simulator.store(path[1]).truth(query.number("after", 0), query.number("limit", 1_000)).stream()
                .map(order -> Map.<String, Object>of(
                        "id",
                        order.id(),
                        "state",
                        order.state(),
                        "updatedAt",
                        order.updatedAt().toString()))
                .toList();
    }

    private static double rate(Query query, String name) {
        return query.text(name).map(Double::parseDouble).orElse(0.0);
    }

    private static void require(boolean holds, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(expected);
        }
    }
}
