/** Reads from PostgreSQL with plain JDBC what a row document needs: the shape of a table, and rows read again. */
@NullMarked
package io.tidemark.core.postgres;

import org.jspecify.annotations.NullMarked;
