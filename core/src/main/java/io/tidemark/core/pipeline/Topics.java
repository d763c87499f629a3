package io.tidemark.core.pipeline;

import io.tidemark.core.change.TableId;

/**
 * The names of everything Tidemark has on Kafka, all under one prefix.
 *
 * @param prefix what every name begins with
 */
public record Topics(String prefix) {

    /** The changes of one table; what Kafka does not allow in a name is an underscore there, as Debezium has it. */
    public String of(TableId table) {
        return (prefix + "." + table).replaceAll("[^a-zA-Z0-9._-]", "_");
    }

    /** Where Debezium keeps how far it has read. */
    public String offsets() {
        return prefix + ".tidemark.offsets";
    }

    /** What ingest-service must not forget: the epoch. */
    public String state() {
        return prefix + ".tidemark.state";
    }

    /** How far was published, and up to which offsets. */
    public String progress() {
        return prefix + ".tidemark.progress";
    }

    /** What a connector on a Kafka Connect cluster says while nothing happens; its topic's name begins so. */
    public String heartbeats() {
        return prefix + ".tidemark.heartbeats";
    }

    /** Records that could not be read. */
    public String deadLetters() {
        return prefix + ".dead-letters";
    }

    /** Who had what replayed. */
    public String audit() {
        return prefix + ".audit";
    }

    /** What has become stale in Redis, for whoever keeps copies. */
    public String invalidations() {
        return prefix + ".invalidations";
    }

    /** What the reconciler found to differ, for cache-writer to repair. */
    public String repairs() {
        return prefix + ".repairs";
    }

    /** The consumer group whose committed offsets say what is repaired. */
    public String repairsGroup() {
        return prefix + ".cache-writer.repairs";
    }

    /** The consumer group whose committed offsets say what is in Redis. */
    public String cacheWriterGroup() {
        return prefix + ".cache-writer";
    }
}
