/** Positions in Redis, through a function library of our own; the only package that knows Redisson. */
@NullMarked
package io.tidemark.positions.redis;

import org.jspecify.annotations.NullMarked;
