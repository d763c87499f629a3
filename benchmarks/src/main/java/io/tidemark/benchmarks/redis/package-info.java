/** What is measured through Redisson. */
@NullMarked
package io.tidemark.benchmarks.redis;

import org.jspecify.annotations.NullMarked;
