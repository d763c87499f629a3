package io.tidemark.positions.position;

import java.util.TreeSet;

/**
 * Moves a position on by the orders that came after it. Orders may come again or out of order; only an id above the last
 * one counts. Not thread-safe: one owner.
 *
 * <p>A store that was rewound and is not yet past the place it was rewound from is left where it is: what comes of it
 * may be a late edit far ahead, and reading a page again loses nothing.
 */
public final class Replay {
    private final Position from;
    private final PageEstimate pages;
    private final TreeSet<Long> newer = new TreeSet<>();

    public Replay(Position from, PageEstimate pages) {
        this.from = from;
        this.pages = pages;
    }

    /** Takes one order of this store into account. */
    public void order(long orderId) {
        if (orderId > from.lastId()) {
            newer.add(orderId);
        }
    }

    /** Where the store stands now: the position itself when nothing newer came. */
    public Position result() {
        boolean readingAgain = from.rewoundFrom()
                .map(before -> from.lastId() < before.lastId())
                .orElse(false);
        if (newer.isEmpty() || readingAgain) {
            return from;
        }
        long page = pages.pageAfter(from.page(), newer.size());
        long firstId = page == from.page() && !from.isStart() ? from.firstId() : newer.first();
        return from.movedTo(page, from.cursor(), firstId, newer.last(), from.asOf(), Certainty.REPLAYED);
    }
}
