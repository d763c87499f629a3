package io.tidemark.cachewriter.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.document.RowDocuments;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.pipeline.FieldSelection;
import io.tidemark.core.postgres.RowReader;
import io.tidemark.core.postgres.TableShape;

/**
 * A cache that is kept of a table of a certain shape. Thread-safe.
 *
 * @param cache the cache
 * @param followsChanges whether changes reach its entries, rather than a resync alone
 * @param documents makes documents from changes
 * @param reader reads them from the database
 */
public record Target(Cache cache, boolean followsChanges, RowDocuments documents, RowReader reader) {
    private static final String SETTINGS = "|";

    static Target of(Cache cache, boolean followsChanges, TableShape shape) {
        return new Target(
                cache,
                followsChanges,
                new RowDocuments(shape, cache.fields()::includes),
                new RowReader(shape, cache.fields()::includes));
    }

    /** What entries are written by, beside rows: the table's shape, and the fields and the format that the pipeline file gives. */
    public String fingerprint() {
        String settings = cache.format().mark();
        if (!cache.fields().equals(FieldSelection.ALL)) {
            settings += SETTINGS + Integer.toHexString(cache.fields().toString().hashCode());
        }
        String shape = reader.shape().fingerprint();
        return settings.isEmpty() ? shape : shape + SETTINGS + settings;
    }

    /** Whether a fingerprint is of the same shape of the table, whatever else it is of. */
    public boolean isOfSameShape(String fingerprint) {
        String shape = reader.shape().fingerprint();
        return fingerprint.equals(shape) || fingerprint.startsWith(shape + SETTINGS);
    }

    /**
     * The Redis key of a row's entry.
     *
     * @param primaryKey the row's primary key in {@code to_jsonb} form
     */
    public String entryKey(ObjectNode primaryKey) {
        return cache.key().render(primaryKey);
    }
}
