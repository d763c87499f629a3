/** Counts what the writer does and how fresh Redis is, for its progress page and its metrics. */
@NullMarked
package io.tidemark.cachewriter.stats;

import org.jspecify.annotations.NullMarked;
