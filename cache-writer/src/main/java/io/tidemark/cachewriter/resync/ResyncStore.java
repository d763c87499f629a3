package io.tidemark.cachewriter.resync;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of resyncs, in Redis: it is lost when the entries are. Thread-safe; throws
 * {@link io.tidemark.cachewriter.entries.EntriesException} where Redis is away.
 */
public interface ResyncStore {

    /** The last resync of a cache, and the last good one. */
    ResyncRecord last(String cache);

    void keep(String cache, ResyncRecord record);

    /** Since when a cache is kept by this Redis: the first moment that was ever asked with. */
    Instant since(String cache, Instant now);

    /** The right to resync a cache, as long as the caller lives; empty while somebody else has it. One thread asks and gives back. */
    Optional<Lock> lock(String cache);

    /** The right to resync. */
    interface Lock extends AutoCloseable {
        @Override
        void close();
    }
}
