/** Brings back what a Redis has lost, out of what the topics still hold, beside the changes that come. */
@NullMarked
package io.tidemark.cachewriter.rebuild;

import org.jspecify.annotations.NullMarked;
