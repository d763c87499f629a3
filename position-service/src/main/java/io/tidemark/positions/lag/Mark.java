package io.tidemark.positions.lag;

import java.time.Instant;

/**
 * Where a consumer of a partition stood at one moment. Immutable.
 *
 * @param committed the offset that its group had committed
 * @param end the offset after the partition's last record
 */
record Mark(Instant at, long committed, long end) {

    /** Records behind, as Kafka's own tool counts them; never negative, since both offsets are asked for one after the other. */
    long lag() {
        return Math.max(0, end - committed);
    }
}
