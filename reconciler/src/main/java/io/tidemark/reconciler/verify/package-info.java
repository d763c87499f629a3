/** Compares a cache with its table and calls drift only what the pipeline will not heal by itself. */
@NullMarked
package io.tidemark.reconciler.verify;

import org.jspecify.annotations.NullMarked;
