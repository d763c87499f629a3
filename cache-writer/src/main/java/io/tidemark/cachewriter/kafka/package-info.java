/** The only package that knows Kafka: polls, commits by hand, and keeps the dead letters. */
@NullMarked
package io.tidemark.cachewriter.kafka;

import org.jspecify.annotations.NullMarked;
