package io.tidemark.positions.recovery;

import java.time.Instant;

/**
 * Something that happened to a store's position. Immutable.
 *
 * @param at when
 * @param kind what
 * @param page where the store stood after it
 * @param lastId the last order after it
 * @param text in words; never anything of an order but its id
 */
public record JournalEntry(Instant at, Kind kind, long page, long lastId, String text) {

    /** What can happen. */
    public enum Kind {
        MOVED,
        RECOVERED,
        REFUSED,
        REWOUND,
        UNDONE,
        LOST,
        FAILED
    }
}
