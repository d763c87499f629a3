package io.tidemark.positions.feed;

import io.tidemark.positions.position.StoreId;

/** The outside order API. Safe for use by several threads. */
public interface OrderApi {

    /**
     * Asks for one page. A call may be counted against the store's limits even when it fails.
     *
     * @throws OrderApiException when there is no page, with the store and the cause
     * @throws InterruptedException when the thread is to stop
     */
    OrderPage read(StoreId store, PageRequest request) throws OrderApiException, InterruptedException;
}
