package io.tidemark.cachewriter.apply;

import java.util.Map;

/**
 * What may be committed after a batch, and where it has to be taken up again.
 *
 * @param commit for each partition of the batch, the offset up to which (not included) every effect is in Redis
 * @param again for the partitions on which something could not be done, the offset to go on from; the same as in {@code
 *     commit}
 */
public record BatchOutcome(Map<Partition, Long> commit, Map<Partition, Long> again) {

    public BatchOutcome {
        commit = Map.copyOf(commit);
        again = Map.copyOf(again);
    }
}
