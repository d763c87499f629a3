/** Looks at a few entries all the time, and turns what it sees into a figure of how right each cache is. */
@NullMarked
package io.tidemark.reconciler.sampler;

import org.jspecify.annotations.NullMarked;
