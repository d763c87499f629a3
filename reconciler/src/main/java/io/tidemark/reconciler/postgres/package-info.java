/** Reads rows of a cache's table. */
@NullMarked
package io.tidemark.reconciler.postgres;

import org.jspecify.annotations.NullMarked;
