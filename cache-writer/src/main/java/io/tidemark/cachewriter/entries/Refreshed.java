package io.tidemark.cachewriter.entries;

import java.util.Collections;
import java.util.List;

/**
 * What became of entries that were read again.
 *
 * @param filled with what the database has
 * @param removed because the database has nothing any more
 * @param overtaken by a change, which says itself what they are
 */
public record Refreshed(long filled, long removed, long overtaken) {

    /** Counts what became of each fill. */
    public static Refreshed of(List<FillResult> results) {
        return new Refreshed(
                Collections.frequency(results, FillResult.FILLED),
                Collections.frequency(results, FillResult.REMOVED),
                Collections.frequency(results, FillResult.REFUSED));
    }
}
