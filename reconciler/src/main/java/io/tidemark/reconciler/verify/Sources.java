package io.tidemark.reconciler.verify;

import java.sql.SQLException;
import java.util.concurrent.locks.Lock;

/** What a comparison reads from. Thread-safe. */
public interface Sources {

    /** The rows that a cache shows, over a connection of their own; to be closed. */
    Rows rows(Subject cache) throws SQLException;

    /** The cache's entries. */
    Entries entries(Subject cache);

    /**
     * What is done with what a comparison finds.
     *
     * @param run the id of the comparison
     */
    default Findings findings(String run, Subject cache, Order order, Compared compared, Tally tally) {
        return Findings.NONE;
    }

    /** Up to which LSN the cache is right. */
    Applied applied(Subject cache);

    /**
     * Held by a comparison while it has values in memory, so that the largest values of two need not fit there together. One for
     * all; who holds it may take it again.
     */
    Lock turn();
}
