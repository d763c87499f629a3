package io.tidemark.positions.position;

/** Where an answer about a position comes from, in the order in which recovery asks. */
public enum Layer {
    /** The fast one: lost whenever Redis is emptied. */
    REDIS,
    /** The newest checkpoint of the compacted topic, and what the orders' own topic says since. */
    KAFKA,
    /** The sealed file on this machine's disk. */
    JSON,
    /** What the orders in the database say. */
    DATABASE,
    /** Nobody knows the store: it was never synced and starts at page 1. */
    START;

    /** The layer as people read it. */
    public String label() {
        return switch (this) {
            case REDIS -> "Redis";
            case KAFKA -> "Kafka";
            case JSON -> "JSON snapshot";
            case DATABASE -> "database";
            case START -> "never synced";
        };
    }
}
