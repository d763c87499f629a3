package io.tidemark.core.change;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The names of the record headers that say of a change what Debezium's envelope has no place for, and the key of a record
 * that is about no row.
 *
 * <p>A Kafka Connect cluster in place of ingest-service adds the first two with Connect's own InsertHeader transformation;
 * those of keys are Debezium's.
 */
public final class ChangeHeaders {

    /** The stream's epoch in decimal digits; a record without it is of epoch 1. */
    public static final String EPOCH = "tidemark.epoch";

    /**
     * Present when another than ingest-service captured the change, which did not wait until every reader of the database
     * can see it.
     */
    public static final String CAPTURED_BY = "tidemark.captured-by";

    /** Present when the row was too large for a record and is to be read from the database by its key. */
    public static final String VALUE_LEFT_OUT = "tidemark.value-left-out";

    /** Debezium's: on the delete half of a primary-key update, the new key. */
    public static final String NEW_KEY = "__debezium.newkey";

    /** Debezium's: on the create half of a primary-key update, the old key. */
    public static final String OLD_KEY = "__debezium.oldkey";

    /** On the copies of a TRUNCATE's record that cache-writer puts on the partitions where the record itself is not. */
    public static final String COPY = "tidemark.copy";

    /** The field of a TRUNCATE's key. */
    public static final String TRUNCATE = "tidemark.truncate";

    private static final byte[] PLACED = ("{\"" + TRUNCATE + "\":true}").getBytes(UTF_8);
    private static final byte[] UNPLACED = ("{\"" + TRUNCATE + "\":null}").getBytes(UTF_8);

    private ChangeHeaders() {}

    /** The key of a TRUNCATE's record, which goes to every partition: a compacted topic takes no record without one. */
    public static byte[] truncateKey() {
        return PLACED.clone();
    }

    /** Whether a key is that of a TRUNCATE's record, and of no row. */
    public static boolean isTruncate(byte @Nullable [] key) {
        return Arrays.equals(key, PLACED) || isTruncateWithoutPlace(key);
    }

    /**
     * Whether a key is that of a TRUNCATE which a Kafka Connect cluster captured. Its record is on one partition, and the copies on
     * the others come when they come: not all that stands before them is older, and not all behind them newer.
     */
    public static boolean isTruncateWithoutPlace(byte @Nullable [] key) {
        return Arrays.equals(key, UNPLACED);
    }
}
