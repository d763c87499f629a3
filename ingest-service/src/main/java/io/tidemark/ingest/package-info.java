/** ingest-service: from PostgreSQL's WAL to Kafka. */
@NullMarked
package io.tidemark.ingest;

import org.jspecify.annotations.NullMarked;
