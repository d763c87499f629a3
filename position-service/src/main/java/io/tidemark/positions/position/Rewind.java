package io.tidemark.positions.position;

import java.time.Instant;
import java.util.Optional;

/**
 * A rewind worked out but not done: what would be read again. Pure.
 *
 * @param from where the store stands
 * @param to where it would stand, one generation on
 * @param pagesAgain pages that would be read again
 * @param ordersAgain orders that would be taken in again, at most
 */
public record Rewind(Position from, Position to, long pagesAgain, long ordersAgain) {

    /**
     * Back to an earlier page.
     *
     * @param page the page to go on at
     * @param lastIdBefore the last order before that page, or one before it; 0 for page 1
     * @param perPage orders on a page
     * @throws IllegalArgumentException when the page is not an earlier one
     */
    public static Rewind toPage(Position from, long page, long lastIdBefore, int perPage, Instant at, String by) {
        if (page < 1 || page >= from.page()) {
            throw new IllegalArgumentException("expected a page from 1 to " + (from.page() - 1) + ", as store "
                    + from.store() + " stands at page " + from.page() + ", found " + page);
        }
        long lastId = Math.min(lastIdBefore, Math.max(0, from.lastId() - 1));
        Position to = new Position(
                from.store(),
                from.generation() + 1,
                0,
                page,
                Optional.empty(),
                lastId,
                lastId,
                Layer.REDIS,
                at,
                Certainty.RECORDED,
                Optional.of(placeOf(from, at, by)));
        long pages = from.page() - page;
        return new Rewind(from, to, pages, pages * perPage);
    }

    /**
     * Forward again to where the store was rewound from.
     *
     * @throws IllegalStateException when there is nothing to undo
     */
    public static Rewind undo(Position from, Instant at, String by) {
        RewoundFrom before = from.rewoundFrom()
                .filter(rewound -> rewound.lastId() > from.lastId())
                .orElseThrow(() -> new IllegalStateException("store " + from.store()
                        + " has nothing to undo: it was not rewound, or has read past the place it was rewound from"));
        Position to = new Position(
                from.store(),
                from.generation() + 1,
                0,
                before.page(),
                before.cursor(),
                before.firstId(),
                before.lastId(),
                Layer.REDIS,
                at,
                Certainty.RECORDED,
                Optional.of(placeOf(from, at, by)));
        return new Rewind(from, to, 0, 0);
    }

    private static RewoundFrom placeOf(Position position, Instant at, String by) {
        return new RewoundFrom(position.page(), position.cursor(), position.firstId(), position.lastId(), at, by);
    }
}
