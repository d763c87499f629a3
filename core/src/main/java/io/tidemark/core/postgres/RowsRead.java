package io.tidemark.core.postgres;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What reading rows by their keys gave.
 *
 * @param documents for each key asked for, in that order, the row's document in UTF-8; null when the row is gone
 * @param horizonLsn an LSN taken after the rows were read: no commit after it can have been seen
 */
public record RowsRead(List<byte @Nullable []> documents, long horizonLsn) {}
