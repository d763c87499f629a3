/** How many calls each store's token may still make. */
@NullMarked
package io.tidemark.positions.budget;

import org.jspecify.annotations.NullMarked;
