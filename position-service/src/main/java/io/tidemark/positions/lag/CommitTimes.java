package io.tidemark.positions.lag;

import io.tidemark.positions.lag.Offsets.Part;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/** Knows when what a record tells of was committed in PostgreSQL. Used by one thread. */
public interface CommitTimes {

    /** Knows nothing. */
    CommitTimes NONE = places -> Map.of();

    /** The first record of a partition at or after an offset. */
    record Place(Part part, long offset) {}

    /**
     * Commit times of records, of as many as can be had soon. A record that is no change of a table counts from when its producer made it.
     */
    Map<Place, Instant> of(Collection<Place> places);
}
