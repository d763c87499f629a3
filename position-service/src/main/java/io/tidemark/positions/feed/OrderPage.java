package io.tidemark.positions.feed;

import java.util.List;
import java.util.Optional;

/**
 * What one call answered. Immutable.
 *
 * @param orders ascending by id and without duplicates, whatever order was asked for
 * @param nextCursor the API's mark of where to go on, in the direction asked for
 * @param last whether the API says that nothing follows
 * @param perPage how many orders the API puts on a page
 * @param oddOrders how many of the orders had a field that could not be understood
 */
public record OrderPage(List<Order> orders, Optional<String> nextCursor, boolean last, int perPage, int oddOrders) {

    public OrderPage {
        orders = List.copyOf(orders);
    }

    public boolean isEmpty() {
        return orders.isEmpty();
    }

    /** The lowest id; 0 on an empty page. */
    public long firstId() {
        return isEmpty() ? 0 : orders.get(0).id();
    }

    /** The highest id; 0 on an empty page. */
    public long lastId() {
        return isEmpty() ? 0 : orders.get(orders.size() - 1).id();
    }

    /** Whether an order of that id would stand on this page. */
    public boolean spans(long id) {
        return !isEmpty() && firstId() <= id && id <= lastId();
    }
}
