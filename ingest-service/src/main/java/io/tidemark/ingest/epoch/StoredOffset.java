package io.tidemark.ingest.epoch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * How far Debezium has read, as it keeps it in the offsets topic.
 *
 * @param commitLsn of the last commit that was read whole; 0 before the first
 * @param lsn of the last change that was read
 * @param snapshotRunning whether it was written within the first snapshot
 */
public record StoredOffset(long commitLsn, long lsn, boolean snapshotRunning) {
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Reads Debezium's form.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static StoredOffset parse(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            boolean snapshot = json.hasNonNull("snapshot")
                    && !json.path("last_snapshot_record").booleanValue()
                    && !json.path("snapshot_completed").booleanValue();
            return new StoredOffset(
                    json.path("lsn_commit").longValue(), json.path("lsn").longValue(), snapshot);
        } catch (IOException notJson) {
            throw new IllegalArgumentException("stored offset: expected JSON", notJson);
        }
    }

    /** The LSN below which the slot may have forgotten everything without a loss. */
    public long safeLsn() {
        return commitLsn == 0 ? lsn : commitLsn;
    }
}
