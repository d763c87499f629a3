package io.tidemark.cachewriter.resync;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Redis holds at keys. Thread-safe; throws {@link io.tidemark.cachewriter.entries.EntriesException} where it is away. */
public interface Held {

    /** The texts at keys, in their order; null where there is none. */
    List<byte @Nullable []> values(List<String> keys);

    /** Whether there is anything at a key. */
    boolean isThere(String key);
}
