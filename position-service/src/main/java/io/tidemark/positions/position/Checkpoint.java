package io.tidemark.positions.position;

import java.util.Map;
import java.util.TreeMap;

/**
 * A position made durable, with the place in the orders' own topic it reflects: every order before those offsets is
 * taken into account, so that a replay from there finds all that came after. Immutable.
 *
 * @param position the position
 * @param reflects next offset to read, by partition of the orders' topic; a missing partition is read from its start
 */
public record Checkpoint(Position position, Map<Integer, Long> reflects) {

    /** @throws IllegalArgumentException when a partition or an offset is negative */
    public Checkpoint {
        reflects = Map.copyOf(reflects);
        reflects.forEach((partition, offset) -> {
            if (partition < 0 || offset < 0) {
                throw new IllegalArgumentException("expected partitions and offsets of 0 or more, found partition "
                        + partition + " at offset " + offset);
            }
        });
    }

    /** The same position, reflecting the farther of both offsets in each partition. */
    public Checkpoint reflectingAlso(Map<Integer, Long> offsets) {
        Map<Integer, Long> farther = new TreeMap<>(reflects);
        offsets.forEach((partition, offset) -> farther.merge(partition, offset, Math::max));
        return new Checkpoint(position, farther);
    }
}
