/** A shop that writes, readers that watch, and what they saw, as the promises want to know it. */
@NullMarked
package io.tidemark.systemtests.load;

import org.jspecify.annotations.NullMarked;
