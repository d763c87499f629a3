/** The only package that knows Redisson: entries through the function library, and which life of the data set Redis is in. */
@NullMarked
package io.tidemark.cachewriter.redis;

import org.jspecify.annotations.NullMarked;
