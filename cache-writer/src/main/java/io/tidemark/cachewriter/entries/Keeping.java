package io.tidemark.cachewriter.entries;

import io.tidemark.core.document.Format;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.pipeline.QueryCache;

/**
 * How the entries of a cache are kept in Redis.
 *
 * @param ttlMillis how long values live, 0 for ever
 * @param format how documents are stored
 */
public record Keeping(long ttlMillis, Format format) {

    public static Keeping of(Cache cache) {
        return new Keeping(cache.ttlMillis(), cache.format());
    }

    public static Keeping of(QueryCache cache) {
        return new Keeping(cache.ttlMillis(), cache.format());
    }
}
