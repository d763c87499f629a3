package io.tidemark.positions.position;

import java.time.Instant;
import java.util.Optional;

/**
 * Where a store stood before a person rewound it: what an undo goes back to. Immutable.
 *
 * @param page the page, 1 and up
 * @param cursor the cursor, where one was known
 * @param firstId first order of that page; 0 with lastId 0
 * @param lastId last order taken in
 * @param at when it was rewound
 * @param by who asked, as the service knows them
 */
public record RewoundFrom(long page, Optional<String> cursor, long firstId, long lastId, Instant at, String by) {

    /** @throws IllegalArgumentException when page or ids are out of order */
    public RewoundFrom {
        Position.requirePlace(page, firstId, lastId);
    }
}
