/** Finds out why an entry differs from the database, from what Redis, Kafka and the database still show of it. */
@NullMarked
package io.tidemark.reconciler.cause;

import org.jspecify.annotations.NullMarked;
