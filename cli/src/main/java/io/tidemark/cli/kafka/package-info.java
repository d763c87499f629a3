/** What the command asks Kafka itself. */
@NullMarked
package io.tidemark.cli.kafka;

import org.jspecify.annotations.NullMarked;
