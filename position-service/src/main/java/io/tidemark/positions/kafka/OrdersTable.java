package io.tidemark.positions.kafka;

import io.tidemark.core.change.TableId;

/**
 * Where the orders are, and which columns of its primary key say whose and which they are. Immutable.
 *
 * @param table the table
 * @param storeColumn the column that names the store
 * @param idColumn the column with the order's id at the API
 */
public record OrdersTable(TableId table, String storeColumn, String idColumn) {}
