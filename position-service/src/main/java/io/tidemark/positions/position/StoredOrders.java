package io.tidemark.positions.position;

import java.util.Collection;
import java.util.Map;

/** What the database knows of the orders taken in: the last resort of a recovery. Thread-safe. */
public interface StoredOrders {

    /**
     * The end of one store's orders.
     *
     * @param count how many there are, or as many as the last id says when they could not be counted in time
     * @param firstId first of the last page's worth of orders
     * @param lastId the last order
     */
    record Tail(long count, long firstId, long lastId) {}

    /**
     * How far each store was taken in, as the transaction that wrote its orders said; a store without such a word is
     * missing from the answer.
     *
     * @throws LayerUnavailableException when the database cannot be asked
     */
    Map<StoreId, Position> progress(Collection<StoreId> stores);

    /**
     * The ends of these stores' orders; a store without orders is missing from the answer.
     *
     * @throws LayerUnavailableException when the database cannot be asked
     */
    Map<StoreId, Tail> tails(Collection<StoreId> stores);

    /**
     * How many orders of the store come after that one.
     *
     * @throws LayerUnavailableException when the database cannot be asked
     */
    long countAfter(StoreId store, long orderId);

    /**
     * The last of the store's first so many orders; 0 when there is none.
     *
     * @throws LayerUnavailableException when the database cannot be asked
     */
    long idOfOrder(StoreId store, long number);
}
