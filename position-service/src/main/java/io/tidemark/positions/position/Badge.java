package io.tidemark.positions.position;

/** What a store's position in Redis is worth. */
public enum Badge {
    /** Redis holds the farthest position known. */
    HEALTHY("Healthy"),
    /** Redis holds nothing of the store. */
    MISSING("Missing"),
    /** Redis holds a position behind what another layer knows. */
    RESET("Reset"),
    /** Redis holds a position worked out from the database; the API has not confirmed its page yet. */
    CALCULATED("Calculated");

    private final String label;

    Badge(String label) {
        this.label = label;
    }

    /** The badge as the page shows it. */
    public String label() {
        return label;
    }

    /** Whether someone, or the next recovery or sync, has to do something. */
    public boolean needsAttention() {
        return this != HEALTHY;
    }

    /** Whether the cache lost this position. */
    public boolean isLoss() {
        return this == MISSING || this == RESET;
    }
}
