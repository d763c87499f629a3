/** Asks cache-writer to do what only it may: write entries. */
@NullMarked
package io.tidemark.reconciler.writer;

import org.jspecify.annotations.NullMarked;
