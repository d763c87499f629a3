package io.tidemark.reconciler.verify;

import java.util.concurrent.locks.Lock;

/**
 * Where a comparison of one cache reads.
 *
 * @param rows the rows, by their keys
 * @param entries the entries
 * @param applied how far the entries are
 * @param turn held while values are in memory
 */
public record Compared(Rows rows, Entries entries, Applied applied, Lock turn) {

    /** What a comparison of a cache reads from sources. */
    public static Compared of(Sources sources, Subject cache, Rows rows) {
        return new Compared(rows, sources.entries(cache), sources.applied(cache), sources.turn());
    }
}
