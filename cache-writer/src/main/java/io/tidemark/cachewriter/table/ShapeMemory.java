package io.tidemark.cachewriter.table;

import java.util.Optional;

/** Remembers beside the entries of a cache which shape its table had when they were written. Thread-safe. */
public interface ShapeMemory {

    /**
     * The fingerprint remembered for a cache.
     *
     * @throws io.tidemark.cachewriter.entries.EntriesException when it cannot be asked
     */
    Optional<String> fingerprintOf(String cache);

    /**
     * Remembers that every entry of a cache is, or will be by the changes to come, of this shape.
     *
     * @throws io.tidemark.cachewriter.entries.EntriesException when it cannot be kept
     */
    void remember(String cache, String fingerprint);
}
