/** The feed's tables in PostgreSQL: orders, progress, the stores' board, and the lock that gives a store to one instance. */
@NullMarked
package io.tidemark.positions.sync.postgres;

import org.jspecify.annotations.NullMarked;
