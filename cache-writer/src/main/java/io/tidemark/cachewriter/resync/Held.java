package io.tidemark.cachewriter.resync;

import io.tidemark.core.change.Version;
import io.tidemark.core.document.Format;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Redis holds at keys. Thread-safe; throws {@link io.tidemark.cachewriter.entries.EntriesException} where it is away. */
public interface Held {

    /** The values at keys as a format stores them, in their order; null where there is none of its type. */
    List<byte @Nullable []> values(Format format, List<String> keys);

    /** Whether each of these keys has its meta beside it: a value without is no entry to readers of the contract. */
    boolean allHaveMeta(List<String> keys);

    /** What the metas of entries say, in the order of the keys; null where there is no fence. */
    List<@Nullable Fence> fences(List<String> keys);

    /** Whether there is anything at a key. */
    boolean isThere(String key);

    /**
     * The fence of an entry.
     *
     * @param version the newest that the entry has seen
     * @param horizon up to where its value was read from the database, an unsigned LSN; null when it came with that version's change
     */
    record Fence(Version version, @Nullable Long horizon) {}
}
