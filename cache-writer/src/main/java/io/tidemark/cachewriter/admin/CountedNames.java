package io.tidemark.cachewriter.admin;

import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.pipeline.KeyTemplate;
import java.util.List;

/** Under which names clients count a cache, which only know its keys. Pure. */
final class CountedNames {
    private CountedNames() {}

    /**
     * The text before the first colon of its keys, where that is the same for all of them, and the cache's own name: in the order in
     * which counts go from one to the other, so that who reads them in this order misses none.
     */
    static List<String> of(String cache, KeyTemplate key) {
        String counted = EntryKey.cacheOf(key.scanPattern());
        return cache.equals(counted) || counted.contains("*") ? List.of(cache) : List.of(counted, cache);
    }
}
