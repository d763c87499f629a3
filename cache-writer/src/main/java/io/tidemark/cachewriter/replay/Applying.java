package io.tidemark.cachewriter.replay;

import io.tidemark.cachewriter.apply.BatchOutcome;
import io.tidemark.cachewriter.apply.Incoming;
import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.stats.WriterStats;
import java.util.List;
import java.util.Set;

/** Brings records to their effect, as the consumers do. For one thread. */
public interface Applying extends AutoCloseable {

    BatchOutcome apply(List<Incoming> records);

    @Override
    void close();

    /** Makes them. Thread-safe. */
    @FunctionalInterface
    interface Maker {

        /**
         * @param entries those that may be touched
         * @param bumps whether tags are made stale too
         * @param queryCaches the caches whose entries may be marked to be read again
         * @param apart what it counts by
         */
        Applying make(Entries entries, boolean bumps, Set<String> queryCaches, WriterStats apart);
    }
}
