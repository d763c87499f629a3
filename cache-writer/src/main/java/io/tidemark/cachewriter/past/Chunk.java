package io.tidemark.cachewriter.past;

import io.tidemark.cachewriter.apply.Incoming;
import java.util.List;

/**
 * A piece of a partition, without the records that a newer one of the same key in it has overtaken.
 *
 * @param records in the order of their offsets; a tombstone comes with the change before it, where the piece holds that
 * @param from the offset it begins at: everything from there on has been given
 * @param read how many records it was made of
 */
public record Chunk(List<Incoming> records, long from, long read) {
    public Chunk {
        records = List.copyOf(records);
    }
}
