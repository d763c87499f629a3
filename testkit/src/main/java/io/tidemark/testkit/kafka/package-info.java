/** A Kafka broker as a child process on a data directory. */
@NullMarked
package io.tidemark.testkit.kafka;

import org.jspecify.annotations.NullMarked;
