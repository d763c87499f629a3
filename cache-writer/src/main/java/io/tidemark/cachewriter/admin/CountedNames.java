package io.tidemark.cachewriter.admin;

import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.pipeline.KeyTemplate;
import java.util.List;

/** Under which names clients count a cache, which only know its keys. Pure. */
final class CountedNames {
    private CountedNames() {}

    /** The cache's own name, and the text before the first colon of its keys, where that is the same for all of them. */
    static List<String> of(String cache, KeyTemplate key) {
        String counted = EntryKey.cacheOf(key.scanPattern());
        return cache.equals(counted) || counted.contains("*") ? List.of(cache) : List.of(cache, counted);
    }
}
