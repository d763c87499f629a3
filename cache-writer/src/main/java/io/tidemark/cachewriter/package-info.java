/** The service that takes changes from Kafka to Redis: its start, its wiring, and what it looks after beside the changes. */
@NullMarked
package io.tidemark.cachewriter;

import org.jspecify.annotations.NullMarked;
