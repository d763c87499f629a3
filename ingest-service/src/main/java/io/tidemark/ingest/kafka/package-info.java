/** What ingest-service has on Kafka: the changes, its epoch, its progress; the only package that knows Kafka's client. */
@NullMarked
package io.tidemark.ingest.kafka;

import org.jspecify.annotations.NullMarked;
