package io.tidemark.positions.feed;

/** In which order the API lists orders. */
public enum Direction {
    /** The newest orders are on the last page: the order that positions speak of. */
    OLDEST_FIRST("id", "asc"),
    /** The newest orders are on page 1. */
    NEWEST_FIRST("-id", "desc");

    private final String sort;
    private final String cursorDirection;

    Direction(String sort, String cursorDirection) {
        this.sort = sort;
        this.cursorDirection = cursorDirection;
    }

    /** The value of the API's parameter {@code sort}. */
    public String sort() {
        return sort;
    }

    /** The value of the API's parameter {@code sort_direction}, which goes with a cursor. */
    public String cursorDirection() {
        return cursorDirection;
    }
}
