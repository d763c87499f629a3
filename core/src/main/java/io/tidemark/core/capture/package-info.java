/** What whoever captures the changes sets, be it ingest-service or a Kafka Connect cluster. */
@NullMarked
package io.tidemark.core.capture;

import org.jspecify.annotations.NullMarked;
