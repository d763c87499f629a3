package io.tidemark.positions.snapshot;

import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.StoreId;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one snapshot file says. Immutable.
 *
 * @param sequence how many snapshots of this file were written before
 * @param written when
 * @param checkpoints by store
 */
record Snapshot(long sequence, Instant written, SortedMap<StoreId, Checkpoint> checkpoints) {

    Snapshot {
        checkpoints = Collections.unmodifiableSortedMap(new TreeMap<>(checkpoints));
    }

    static Snapshot none() {
        return new Snapshot(0, Instant.EPOCH, new TreeMap<>());
    }

    Snapshot next(Instant at, Map<StoreId, Checkpoint> now) {
        return new Snapshot(sequence + 1, at, new TreeMap<>(now));
    }
}
