package io.tidemark.core.postgres;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a query gave for keys.
 *
 * @param found for each key asked for, in that order, what it gave
 * @param horizonLsn an LSN taken after the rows were read: no commit after it can have been seen
 */
public record QueryRead(List<Found> found, long horizonLsn) {

    public QueryRead {
        found = List.copyOf(found);
    }

    /**
     * What the query gave for one key.
     *
     * @param document the document in UTF-8, not to be modified; null when there is none
     * @param refusal why what was found cannot be a document; null when it can, or nothing was found
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Found(
            byte @Nullable [] document, @Nullable String refusal) {
        static final Found NOTHING = new Found(null, null);
    }
}
