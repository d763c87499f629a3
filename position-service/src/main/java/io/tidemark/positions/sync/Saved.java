package io.tidemark.positions.sync;

/**
 * What became of orders that were written.
 *
 * @param added orders that were not there
 * @param changed orders that were there and told differently before
 */
public record Saved(int added, int changed) {
    /** Nothing was written. */
    public static final Saved NOTHING = new Saved(0, 0);

    /** Both together. */
    public Saved plus(Saved other) {
        return new Saved(added + other.added, changed + other.changed);
    }
}
