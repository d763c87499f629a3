/** Finds out whether caches are what their tables say, and up to which LSN. */
@NullMarked
package io.tidemark.reconciler;

import org.jspecify.annotations.NullMarked;
