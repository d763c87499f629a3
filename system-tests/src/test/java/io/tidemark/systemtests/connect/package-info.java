/** A Kafka Connect cluster that captures in place of ingest-service. */
@NullMarked
package io.tidemark.systemtests.connect;

import org.jspecify.annotations.NullMarked;
