/** The calls left, counted in PostgreSQL over all instances; the one user of Bucket4j. */
@NullMarked
package io.tidemark.positions.budget.postgres;

import org.jspecify.annotations.NullMarked;
