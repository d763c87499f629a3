package io.tidemark.cachewriter.apply;

import io.tidemark.core.change.Version;
import io.tidemark.core.contract.EntryKey;
import org.jspecify.annotations.Nullable;

/**
 * One write of one entry, fenced by its version.
 *
 * @param key the value's key
 * @param metaKey the meta's key
 * @param version the change that makes the entry so
 * @param committedAtMicros when that was committed
 * @param horizon an LSN no later than which the value was read from the database; null when it came with the change
 * @param value the document; null to evict. Not modified by anyone.
 */
public record EntryWrite(
        String key,
        String metaKey,
        Version version,
        long committedAtMicros,
        @Nullable Long horizon,
        byte @Nullable [] value) {

    static EntryWrite of(
            String key, Version version, long committedAtMicros, @Nullable Long horizon, byte @Nullable [] value) {
        return new EntryWrite(key, EntryKey.metaOf(key), version, committedAtMicros, horizon, value);
    }
}
