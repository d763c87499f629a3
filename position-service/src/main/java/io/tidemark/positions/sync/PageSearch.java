package io.tidemark.positions.sync;

import io.tidemark.positions.feed.OrderPage;

/**
 * Finds the page on which the last order taken in stands, oldest first, by few looks at pages. Pure; used by one thread.
 *
 * <p>Ids are given in order, so no order stands on a higher page than it would if no id were missing: that bounds the
 * search before the first call. Then each look tells how ids lie on pages, from which the next look is worked out; when
 * that does not help, the range is halved. Pages that move meanwhile cost more looks, never orders: the page found
 * always begins at or before the last order.
 */
public final class PageSearch {
    /** A range this small is halved, since one more estimate would save nothing. */
    private static final long SMALL = 8;

    private static final int MOST_ESTIMATES = 5;

    private final long lastId;
    private final int perPage;

    private long page;
    private long low = 1;
    private long high;
    /** The highest page seen to end before the last order, and its last id; page 0 ends with id 0. */
    private long lowerPage;

    private long lowerId;
    /** The lowest page seen to begin after the last order, and its first id; 0 when none was seen. */
    private long upperPage;

    private long upperId;
    private long emptyStep = 1;
    private long chase = 1;
    private int estimates;
    private int looks;

    /**
     * @param lastId the last order taken in, 1 and up
     * @param hint the page where it probably is
     */
    public PageSearch(long lastId, int perPage, long hint) {
        this.lastId = lastId;
        this.perPage = perPage;
        this.high = Math.max(1, (lastId + perPage - 1) / perPage);
        this.page = Math.min(Math.max(1, hint), high);
    }

    /** The page to be looked at next; once found, the page found. */
    public long page() {
        return page;
    }

    /** How many pages were looked at. */
    public int looks() {
        return looks;
    }

    /** Takes in what stands on {@link #page()}. True when it is the page to go on from. */
    public boolean isFound(OrderPage shown) {
        looks++;
        if (shown.isEmpty()) {
            return page == 1 || goOnBelowEmpty();
        }
        boolean beginsAtOrBefore = shown.firstId() <= lastId;
        if (beginsAtOrBefore && (shown.lastId() >= lastId || shown.last())) {
            return true;
        }
        return beginsAtOrBefore ? goOnAbove(shown) : page == 1 || goOnBelow(shown);
    }

    private boolean goOnAbove(OrderPage shown) {
        boolean nextBeginsAfter = upperPage == page + 1;
        if (nextBeginsAfter || page >= high || chase > 1) {
            // The last order itself is gone, or pages move too fast to tell; what follows it is not before this page.
            return true;
        }
        low = page + 1;
        lowerPage = page;
        lowerId = shown.lastId();
        page = next(shown);
        return false;
    }

    private boolean goOnBelow(OrderPage shown) {
        upperPage = page;
        upperId = shown.firstId();
        high = page - 1;
        if (low > high) {
            // The page before ended before the last order, but orders may have moved onto it since: look again, and
            // farther down each time while they go on moving.
            page = Math.max(1, high - chase + 1);
            low = page;
            chase *= 2;
        } else {
            page = next(shown);
        }
        return false;
    }

    private boolean goOnBelowEmpty() {
        high = page - 1;
        // A page that was there before may be gone, and the pages below it then hold what stood above them.
        low = low > high ? 1 : low;
        boolean halve = emptyStep > 1 && high - low < SMALL;
        page = halve ? low + (high - low) / 2 : Math.max(low, high - emptyStep + 1);
        emptyStep *= 2;
        return false;
    }

    private long next(OrderPage shown) {
        if (high - low >= SMALL && estimates < MOST_ESTIMATES) {
            estimates++;
            return Math.min(high, Math.max(low, estimate(shown)));
        }
        return high / low > 4 ? Math.max(low, (long) Math.sqrt((double) low * high)) : low + (high - low) / 2;
    }

    private long estimate(OrderPage shown) {
        if (upperPage == 0) {
            double idsPerPage = Math.max(perPage, (double) shown.lastId() / page);
            return lowerPage + (long) Math.ceil((lastId - lowerId) / idsPerPage);
        }
        double share = (double) (lastId - lowerId) / (upperId - lowerId);
        return lowerPage + Math.round(share * (upperPage - lowerPage));
    }
}
