/** The history of the caches' figures: a sample of each cache every minute, kept in Redis for 72 hours. */
@NullMarked
package io.tidemark.cachewriter.history;

import org.jspecify.annotations.NullMarked;
