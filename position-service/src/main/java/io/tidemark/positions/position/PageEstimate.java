package io.tidemark.positions.position;

/**
 * Works out a page from the orders the database holds: a start for the search, a little before the true page rather
 * than after it. Pure.
 *
 * @param perPage orders on a page, 1 and up
 * @param safetyMargin pages to begin earlier, 0 and up
 */
public record PageEstimate(int perPage, int safetyMargin) {

    /** Orders on a page, as the order API has them. */
    public static final int DEFAULT_PER_PAGE = 20;

    /** Pages to begin earlier than worked out. */
    public static final int DEFAULT_SAFETY_MARGIN = 10;

    public PageEstimate {
        if (perPage < 1 || safetyMargin < 0) {
            throw new IllegalArgumentException(
                    "expected 1 or more orders a page and a safety margin of 0 or more pages," + " found " + perPage
                            + " and " + safetyMargin);
        }
    }

    /** 20 a page, 10 pages earlier. */
    public static PageEstimate usual() {
        return new PageEstimate(DEFAULT_PER_PAGE, DEFAULT_SAFETY_MARGIN);
    }

    /** Where to begin when the feed holds about that many orders: 181,601 at 20 a page give page 9,070. */
    public long startPage(long orders) {
        return Math.max(1, orders / perPage - safetyMargin);
    }

    /** The page some orders after that page; never past the true one as long as no order was deleted. */
    public long pageAfter(long page, long newOrders) {
        return page + newOrders / perPage;
    }
}
