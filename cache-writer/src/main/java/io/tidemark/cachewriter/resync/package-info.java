/** Reads caches again as a whole, by hand or by time, while readers and writes go on. */
@NullMarked
package io.tidemark.cachewriter.resync;

import org.jspecify.annotations.NullMarked;
