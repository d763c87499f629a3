package io.tidemark.positions.feed;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One order as the API told it. What the API left out, or told in a form that cannot be understood, is null. Its text
 * form shows the id only. Immutable.
 *
 * @param id unique in its store, 1 and up; higher ids were given later
 * @param items the lines as JSON, an array
 * @param updatedAt grows with every edit
 */
public record Order(
        long id,
        @Nullable String reference,
        @Nullable String state,
        Buyer buyer,
        String items,
        @Nullable BigDecimal total,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt) {

    public Order {
        if (id < 1) {
            throw new IllegalArgumentException("expected an order id of 1 or more, found " + id);
        }
    }

    @Override
    public String toString() {
        return "Order[" + id + "]";
    }
}
