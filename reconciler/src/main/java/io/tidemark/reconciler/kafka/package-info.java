/** Follows how far changes were published and applied; the only package of this service that knows Kafka. */
@NullMarked
package io.tidemark.reconciler.kafka;

import org.jspecify.annotations.NullMarked;
