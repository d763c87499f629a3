/** Reads entries from Redis; the only package of this service that knows Redisson. */
@NullMarked
package io.tidemark.reconciler.redis;

import org.jspecify.annotations.NullMarked;
