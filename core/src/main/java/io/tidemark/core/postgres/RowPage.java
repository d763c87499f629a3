package io.tidemark.core.postgres;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a table in the order of its primary key.
 *
 * @param rows the rows
 * @param next the key to read on after; null when the table had no further row
 * @param horizonLsn an LSN taken after the rows were read: no commit after it can have been seen
 */
public record RowPage(List<Row> rows, @Nullable ObjectNode next, long horizonLsn) {}
