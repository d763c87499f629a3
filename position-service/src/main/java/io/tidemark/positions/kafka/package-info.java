/** Positions on Kafka: compacted checkpoints, and the orders' own topic from which they are moved on. */
@NullMarked
package io.tidemark.positions.kafka;

import org.jspecify.annotations.NullMarked;
