package io.tidemark.cachewriter.apply;

import java.util.HashMap;
import java.util.Map;

/**
 * Which offsets of a batch may be committed: on each partition everything before the first record whose effect is not in
 * Redis yet, however much behind that record is done. Not thread-safe.
 *
 * <p>What is done behind an unfinished record will be delivered again, and finds itself done.
 */
final class Watermarks {
    private final Map<Partition, Long> ends = new HashMap<>();
    private final Map<Partition, Long> unfinished = new HashMap<>();

    /** A record belongs to the batch. Records of one partition come in their order. */
    void seen(Partition partition, long offset) {
        ends.put(partition, offset + 1);
    }

    /** A record's effect is not where it should be. */
    void unfinished(Partition partition, long offset) {
        unfinished.merge(partition, offset, Math::min);
    }

    /** Whether everything is done. */
    boolean isFinished() {
        return unfinished.isEmpty();
    }

    BatchOutcome outcome() {
        Map<Partition, Long> commit = new HashMap<>(ends);
        commit.putAll(unfinished);
        return new BatchOutcome(commit, unfinished);
    }
}
