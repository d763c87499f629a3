/** How many calls each store's token may still make, counted in PostgreSQL over all instances; the one user of Bucket4j. */
@NullMarked
package io.tidemark.positions.budget;

import org.jspecify.annotations.NullMarked;
