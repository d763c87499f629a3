package io.tidemark.ingest.stream;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way to Kafka, in bytes. The arrays are not copied and not to be changed.
 *
 * @param topic the topic's name
 * @param key the record's key; null for a truncate, which has none and goes to every partition
 * @param value the record's value; null for a tombstone
 * @param headers what stands beside it, the epoch's header left out
 */
public record OutgoingChange(
        String topic, byte @Nullable [] key, byte @Nullable [] value, Map<String, byte[]> headers) {}
