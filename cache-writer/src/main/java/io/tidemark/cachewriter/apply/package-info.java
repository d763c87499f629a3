/** Takes a batch of records to its effect in Redis: reads, coalesces, writes, reads rows again, says what may be committed. */
@NullMarked
package io.tidemark.cachewriter.apply;

import org.jspecify.annotations.NullMarked;
