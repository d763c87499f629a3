package io.tidemark.positions.position;

/** What became of a position that was to be written to a layer; after each of them the layer holds one as far along. */
public enum Verdict {
    /** It is there now. */
    WRITTEN,
    /** The same place was there already; its time and cursor were renewed. */
    SAME,
    /** What was there is farther along and stayed. */
    LOWER
}
