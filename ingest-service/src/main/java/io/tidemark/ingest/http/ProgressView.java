package io.tidemark.ingest.http;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the stream goes.
 *
 * @param state waiting, standby, running, failing or stopped
 * @param reason why it does not run; null when it does
 * @param epoch which life of the change stream runs; 0 before the first
 * @param publishedLsn every commit up to this LSN is published, as PostgreSQL prints it; null when not known yet
 * @param publishedLsnBytes the same as a number
 * @param lagBytes WAL written and not yet published
 * @param slotHeldBytes WAL that the replication slot holds
 * @param changesPublished since the process began
 * @param changesPerSecond over the last seconds
 * @param restarts how often the stream failed and was started again
 * @param snapshot the first snapshot of this epoch
 */
@Serdeable
public record ProgressView(
        String state,
        @Nullable String reason,
        int epoch,
        @Nullable String publishedLsn,
        long publishedLsnBytes,
        long lagBytes,
        long slotHeldBytes,
        long changesPublished,
        double changesPerSecond,
        long restarts,
        Snapshot snapshot) {

    /**
     * The first snapshot of this epoch.
     *
     * @param state pending, running or done
     * @param rowsDone rows published by it
     * @param rowsEstimated rows expected in all; at least rowsDone
     */
    @Serdeable
    public record Snapshot(String state, long rowsDone, long rowsEstimated, List<Table> tables) {}

    /** One table of the snapshot. */
    @Serdeable
    public record Table(String table, long rowsDone, long rowsEstimated) {}
}
