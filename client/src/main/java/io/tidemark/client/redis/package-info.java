/** The cache contract's functions, called through Redisson. */
@NullMarked
package io.tidemark.client.redis;

import org.jspecify.annotations.NullMarked;
