package io.tidemark.reconciler.sampler;

import java.util.List;

/** Gives keys of Redis to look at. Thread-safe. */
public interface SomeKeys {

    /** Entries at random, of any cache, some twice; also ones of which only the meta is left. */
    List<String> random(int count);

    /** The keys of a cache that are asked for most, as clients count. */
    List<String> hottest(String cache, int count);
}
