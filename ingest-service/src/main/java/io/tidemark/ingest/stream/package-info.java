/** What passes from Debezium's side to Kafka's side, free of the types of either. */
@NullMarked
package io.tidemark.ingest.stream;

import org.jspecify.annotations.NullMarked;
