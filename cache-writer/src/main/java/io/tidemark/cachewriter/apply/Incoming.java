package io.tidemark.cachewriter.apply;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A record as it came, not yet read.
 *
 * @param partition where it stands
 * @param offset where in the partition
 * @param key its key's bytes; null for none
 * @param value its value's bytes; null for a tombstone
 * @param header gives a header's last value by its name, null when there is none
 */
public record Incoming(
        Partition partition,
        long offset,
        byte @Nullable [] key,
        byte @Nullable [] value,
        Function<String, byte @Nullable []> header) {

    /** How many bytes its key and value have. */
    int size() {
        return (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
    }
}
