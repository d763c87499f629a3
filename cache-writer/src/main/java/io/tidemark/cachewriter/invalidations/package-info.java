/** Puts what the invalidation stream in Redis says on Kafka too. */
@NullMarked
package io.tidemark.cachewriter.invalidations;

import org.jspecify.annotations.NullMarked;
