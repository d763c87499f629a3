package io.tidemark.positions.position;

import java.time.Instant;
import java.util.Optional;

/**
 * How far one store's paged order feed was taken in. Immutable.
 *
 * @param store whose feed
 * @param generation how often a person has rewound the store; outranks everything else
 * @param revision how often the page was corrected by the API since the last order was taken in
 * @param page the page to go on at, 1 and up, oldest orders first; it may hold orders not yet taken in
 * @param cursor the API's own mark of that place, where it gave one
 * @param firstId first order of the page; 0 only when nothing was taken in yet
 * @param lastId last order taken in; 0 only when nothing was taken in yet
 * @param layer where this answer comes from
 * @param asOf when the position was reached, by the clock of whoever recorded it
 * @param certainty how sure the page is
 * @param rewoundFrom what an undo of this generation's rewind goes back to
 */
public record Position(
        StoreId store,
        long generation,
        int revision,
        long page,
        Optional<String> cursor,
        long firstId,
        long lastId,
        Layer layer,
        Instant asOf,
        Certainty certainty,
        Optional<RewoundFrom> rewoundFrom) {

    private static final int LONGEST_CURSOR = 4_096;

    /** @throws IllegalArgumentException when page, ids, generation or cursor cannot be a position's */
    public Position {
        requirePlace(page, firstId, lastId);
        requireUnderstood(cursor);
        Rank checked = new Rank(generation, lastId, certainty, revision, page);
        if (checked.generation() == 0 && rewoundFrom.isPresent()) {
            throw new IllegalArgumentException("expected no rewind in generation 0, found one");
        }
    }

    /** The position a page of orders leads to: recorded, in generation 0. */
    public static Position recorded(StoreId store, long page, long firstId, long lastId, Instant asOf) {
        return new Position(
                store,
                0,
                0,
                page,
                Optional.empty(),
                firstId,
                lastId,
                Layer.REDIS,
                asOf,
                Certainty.RECORDED,
                Optional.empty());
    }

    /** Where a store starts that nobody has ever synced: page 1, nothing taken in. */
    public static Position start(StoreId store, Instant asOf) {
        return new Position(
                store, 0, 0, 1, Optional.empty(), 0, 0, Layer.START, asOf, Certainty.CALCULATED, Optional.empty());
    }

    /** A position worked out from the database's orders. */
    public static Position calculated(StoreId store, long page, long firstId, long lastId, Instant asOf) {
        return new Position(
                store,
                0,
                0,
                page,
                Optional.empty(),
                firstId,
                lastId,
                Layer.DATABASE,
                asOf,
                Certainty.CALCULATED,
                Optional.empty());
    }

    /** How far along this is. */
    public Rank rank() {
        return new Rank(generation, lastId, certainty, revision, page);
    }

    /** Whether this is farther along than the other. */
    public boolean isAheadOf(Position other) {
        return rank().compareTo(other.rank()) > 0;
    }

    /** Whether no order was taken in yet. */
    public boolean isStart() {
        return lastId == 0;
    }

    /** The same place, as told by that layer. */
    public Position from(Layer told) {
        return new Position(
                store, generation, revision, page, cursor, firstId, lastId, told, asOf, certainty, rewoundFrom);
    }

    /** The same place with that cursor. */
    public Position withCursor(Optional<String> newCursor) {
        return new Position(
                store, generation, revision, page, newCursor, firstId, lastId, layer, asOf, certainty, rewoundFrom);
    }

    /** The same place in that generation, which a later rewind may undo. */
    public Position inGeneration(long newGeneration, Optional<RewoundFrom> before) {
        return new Position(
                store, newGeneration, revision, page, cursor, firstId, lastId, layer, asOf, certainty, before);
    }

    /** Where newer orders lead to from here: same generation, same undo. */
    public Position movedTo(
            long newPage, Optional<String> newCursor, long newFirstId, long newLastId, Instant at, Certainty sure) {
        int newRevision = newLastId == lastId ? revision : 0;
        return new Position(
                store,
                generation,
                newRevision,
                newPage,
                newCursor,
                newFirstId,
                newLastId,
                layer,
                at,
                sure,
                rewoundFrom);
    }

    /** The page on which the API itself has shown the last order to be, be it lower: a revision. */
    public Position corrected(long shownPage, Optional<String> newCursor, Instant at) {
        return new Position(
                store,
                generation,
                revision + 1,
                shownPage,
                newCursor,
                firstId,
                lastId,
                layer,
                at,
                Certainty.RECORDED,
                rewoundFrom);
    }

    static void requirePlace(long page, long firstId, long lastId) {
        if (page < 1) {
            throw new IllegalArgumentException("expected a page of 1 or more, found " + page);
        }
        if (firstId < 0 || lastId < 0 || firstId > lastId || (firstId == 0) != (lastId == 0)) {
            throw new IllegalArgumentException(
                    "expected a first id from 1 up to the last id, or 0 for both when nothing"
                            + " was taken in, found first id " + firstId + " and last id " + lastId);
        }
    }

    private static void requireUnderstood(Optional<String> cursor) {
        if (cursor.isPresent() && (cursor.get().isEmpty() || cursor.get().length() > LONGEST_CURSOR)) {
            throw new IllegalArgumentException("expected a cursor of 1 to " + LONGEST_CURSOR + " characters, found "
                    + cursor.get().length());
        }
    }
}
