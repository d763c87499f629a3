package io.tidemark.core.capture;

import java.util.Map;

/** How the topic of a table's changes is set up. */
public final class ChangeTopics {
    /** The setting that says what becomes of old records. */
    public static final String CLEANUP_POLICY = "cleanup.policy";

    /** The setting that says how large a record may be, in bytes. */
    public static final String MOST_BYTES = "max.message.bytes";

    /** The largest record that a table's topic takes, in bytes. */
    public static final int MOST_RECORD_BYTES = 64 * 1024 * 1024;

    /** The settings by the names that Kafka has for them. */
    public static final Map<String, String> SETTINGS = Map.of(
            CLEANUP_POLICY,
            "compact",
            MOST_BYTES,
            Integer.toString(MOST_RECORD_BYTES),
            // How long a delete is kept for a consumer that was away.
            "delete.retention.ms",
            Long.toString(7L * 24 * 3600 * 1000));

    private ChangeTopics() {}
}
