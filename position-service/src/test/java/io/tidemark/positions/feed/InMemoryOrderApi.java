package io.tidemark.positions.feed;

import io.tidemark.positions.position.StoreId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The order API in memory. Its cursors point at an order, which they answer again. */
public final class InMemoryOrderApi implements OrderApi {
    private static final int PER_PAGE = 20;

    private final Map<StoreId, TreeSet<Long>> stores = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();

    public TreeSet<Long> store(StoreId store) {
        return stores.computeIfAbsent(store, none -> new TreeSet<>());
    }

    public int calls() {
        return calls.get();
    }

    @Override
    public OrderPage read(StoreId store, PageRequest request) throws OrderApiException {
        calls.incrementAndGet();
        TreeSet<Long> ids = stores.get(store);
        if (ids == null) {
            throw new OrderApiException.Forbidden(store, "no such token");
        }
        boolean newestFirst = request.direction() == Direction.NEWEST_FIRST;
        List<Long> ordered = new ArrayList<>(newestFirst ? ids.descendingSet() : ids);
        int begin = request instanceof PageRequest.Numbered numbered
                ? (int) Math.min(ordered.size(), (numbered.page() - 1) * PER_PAGE)
                : placeOf(Long.parseLong(((PageRequest.From) request).cursor()), ordered, newestFirst);
        List<Long> page = ordered.subList(begin, Math.min(ordered.size(), begin + PER_PAGE));
        boolean last = begin + page.size() >= ordered.size();
        Optional<String> next = last ? Optional.empty() : Optional.of(Long.toString(page.get(page.size() - 1)));
        return new OrderPage(
                page.stream()
                        .sorted(Comparator.naturalOrder())
                        .map(InMemoryOrderApi::order)
                        .toList(),
                next,
                last,
                PER_PAGE,
                0);
    }

    private static int placeOf(long id, List<Long> ordered, boolean newestFirst) {
        int place = 0;
        while (place < ordered.size() && (newestFirst ? ordered.get(place) > id : ordered.get(place) < id)) {
            place++;
        }
        return place;
    }

    private static Order order(long id) {
        return new Order(
                id, "R" + id, "new", new Buyer(null, null, null, null), "[]", null, Instant.EPOCH, Instant.EPOCH);
    }
}
