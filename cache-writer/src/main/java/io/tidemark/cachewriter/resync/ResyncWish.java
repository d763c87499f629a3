package io.tidemark.cachewriter.resync;

import io.tidemark.cachewriter.jobs.RefusedException;
import io.tidemark.core.pipeline.WarmSettings.Source;
import java.util.List;
import java.util.Optional;

/**
 * What somebody wants resynced. Immutable.
 *
 * @param caches by name; empty for all
 * @param force whether also what is not due is read again
 * @param rate rows a second at most, 0 for as fast as it goes
 * @param source where rows come from; empty for what the pipeline file says of each cache
 * @param keys of entries of the one cache, and no others; empty for all
 * @param rows a range of its rows, as {@code FROM..TO}, and no others; empty for all
 */
public record ResyncWish(
        List<String> caches, boolean force, long rate, Optional<Source> source, List<String> keys, String rows) {

    /** @throws RefusedException when keys or rows are chosen of anything but one cache, or both are */
    public ResyncWish {
        caches = List.copyOf(caches);
        keys = List.copyOf(keys);
        if (!keys.isEmpty() && !rows.isEmpty()) {
            throw new RefusedException("rows", "keys and rows were both given", "give keys, or a range of rows");
        }
        if ((!keys.isEmpty() || !rows.isEmpty()) && caches.size() != 1) {
            throw new RefusedException(
                    "caches",
                    "entries can be chosen of one cache, found " + caches.size() + " caches",
                    "name the cache whose they are");
        }
    }

    /** Those of these caches that are due, as the pipeline file says. */
    static ResyncWish of(List<String> caches) {
        return new ResyncWish(caches, false, 0, Optional.empty(), List.of(), "");
    }

    /** The same of these caches. */
    public ResyncWish with(List<String> others) {
        return new ResyncWish(others, force, rate, source, keys, rows);
    }

    /** Whether only some entries are chosen. */
    boolean isPartial() {
        return !keys.isEmpty() || !rows.isEmpty();
    }
}
