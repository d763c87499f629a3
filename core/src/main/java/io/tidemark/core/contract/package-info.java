/** The cache contract as it lies in Redis: an entry's two keys, and the function library that alone writes them. */
@NullMarked
package io.tidemark.core.contract;

import org.jspecify.annotations.NullMarked;
