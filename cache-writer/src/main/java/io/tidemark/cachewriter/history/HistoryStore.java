package io.tidemark.cachewriter.history;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Where samples lie. Thread-safe; several cache-writers may use one.
 *
 * <p>Every call may be made twice. Where Redis cannot be reached or refuses, methods throw
 * {@link io.tidemark.cachewriter.entries.EntriesException}.
 */
public interface HistoryStore {

    /**
     * Says that samples are kept since now, unless Redis knows of some already.
     *
     * @param known whether there were samples before, so that Redis was emptied if it knows of none
     */
    void begin(Instant now, boolean known);

    /** Since when this Redis keeps samples; empty when it keeps none yet. */
    Optional<Began> began();

    /** Whether the caller is the one who takes the samples of a minute; the same answer whenever it asks. */
    boolean claim(Instant minute);

    /** Adds to what all cache-writers have counted, by cache and figure. */
    void count(Map<Counted, Long> more);

    /** What all cache-writers have counted since Redis began. */
    Map<Counted, Long> counted();

    /** Keeps the samples of a minute, each by its cache. Those that are there already stay. */
    void keep(Instant minute, Map<String, Sample> samples);

    /** The samples of a cache, by their minute, from the first to the last moment, both included. */
    SortedMap<Instant, Sample> read(String cache, Instant first, Instant last);

    /** Keeps how large caches are, in place of what was said before. */
    void keepSizes(Map<String, Size> sizes);

    /** How large caches are, as was last said. */
    Map<String, Size> sizes();

    /** @param emptied whether it began anew because Redis was emptied */
    record Began(Instant at, boolean emptied) {}

    /** A figure that a cache-writer counts of a cache. */
    record Counted(String cache, Figure figure) {}

    /** What cache-writers count. */
    enum Figure {
        INVALIDATIONS,
        WARM_UPS
    }

    /** @param bytes of values and metas, an estimate */
    record Size(long keys, long bytes) {}
}
