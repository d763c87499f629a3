package io.tidemark.positions.position;

import java.time.Instant;
import java.util.Map;

/**
 * Where stores begin that no layer knows: at page 1, or after an order that a person named because another program took
 * in everything before it. Immutable.
 *
 * @param takenElsewhere the last order of each store that was taken in by another program, 1 and up
 * @param pages how its page is worked out
 */
public record Beginnings(Map<StoreId, Long> takenElsewhere, PageEstimate pages) {

    public Beginnings {
        takenElsewhere = Map.copyOf(takenElsewhere);
    }

    /** Every store begins at page 1. */
    public static Beginnings atPageOne(PageEstimate pages) {
        return new Beginnings(Map.of(), pages);
    }

    /** Where a store begins that nobody knows. */
    public Position of(StoreId store, Instant now) {
        Long last = takenElsewhere.get(store);
        return last == null
                ? Position.start(store, now)
                : Position.calculated(store, pages.startPage(last), 1, last, now);
    }
}
