package io.tidemark.positions.position;

/** How sure the page of a position is; the last order's id is sure in every case. The later, the surer. */
public enum Certainty {
    /** The page was worked out from the orders in the database: a start for the search, not a place. */
    CALCULATED,
    /** The page was a recorded one, moved on by the orders that came in since. */
    REPLAYED,
    /** The page was recorded when the API had shown it to hold these orders. */
    RECORDED;

    /** The certainty as people read it. */
    public String label() {
        return switch (this) {
            case CALCULATED -> "calculated, to be searched for";
            case REPLAYED -> "recorded, then moved on by newer orders";
            case RECORDED -> "recorded";
        };
    }
}
