package io.tidemark.cachewriter.entries;

import io.tidemark.core.change.Version;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.document.Format;
import org.jspecify.annotations.Nullable;

/**
 * One write of one entry, fenced by its version.
 *
 * @param key the value's key
 * @param metaKey the meta's key
 * @param version the change that makes the entry so
 * @param committedAtMicros when that was committed
 * @param horizon an LSN no later than which the value was read from the database; null when it came with the change
 * @param value the document as its cache's format stores it; null to evict. Not modified by anyone.
 * @param isHash whether the value is that of a Redis hash
 */
public record EntryWrite(
        String key,
        String metaKey,
        Version version,
        long committedAtMicros,
        @Nullable Long horizon,
        byte @Nullable [] value,
        boolean isHash) {

    /** The write of an entry by its value's key; the meta's follows from it. */
    public static EntryWrite of(
            String key,
            Version version,
            long committedAtMicros,
            @Nullable Long horizon,
            byte @Nullable [] document,
            Format format) {
        byte[] value = document == null ? null : format.stored(document);
        return new EntryWrite(key, EntryKey.metaOf(key), version, committedAtMicros, horizon, value, format.isHash());
    }
}
