package io.tidemark.core.pipeline;

import io.tidemark.core.change.TableId;
import io.tidemark.core.document.Format;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A named family of entries: one for each row of a table.
 *
 * @param name the name in the pipeline file
 * @param table whose rows it holds
 * @param key how a row's entry is called
 * @param fields what of the row is in the document
 * @param ttl how long an entry lives after it was written; null when entries do not expire
 * @param tags the names by which entries can be invalidated
 * @param format how Redis holds a document
 */
public record Cache(
        String name,
        TableId table,
        KeyTemplate key,
        FieldSelection fields,
        @Nullable Duration ttl,
        List<TagTemplate> tags,
        Format format) {

    public Cache {
        tags = List.copyOf(tags);
        if (ttl != null && (ttl.isNegative() || ttl.isZero())) {
            throw new IllegalArgumentException("cache " + name + ": expected a ttl above zero, found " + ttl);
        }
    }

    /** Whether every row has its entry at all times, so that a missing one is drift. */
    public boolean keptWhole() {
        return ttl == null;
    }

    /** The ttl in milliseconds, 0 for none. */
    public long ttlMillis() {
        return ttl == null ? 0 : ttl.toMillis();
    }
}
