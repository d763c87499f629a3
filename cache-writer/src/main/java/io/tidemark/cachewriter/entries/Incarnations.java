package io.tidemark.cachewriter.entries;

/** Says which life of its data set Redis is in. Thread-safe. */
public interface Incarnations {

    /**
     * A name that stays the same as long as what was written is still there, and changes when Redis was emptied or may
     * have gone back to older data. Begins a life where there is none.
     *
     * @throws EntriesException when Redis cannot be asked
     */
    String current();
}
