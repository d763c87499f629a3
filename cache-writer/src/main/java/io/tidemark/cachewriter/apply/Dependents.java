package io.tidemark.cachewriter.apply;

import io.tidemark.cachewriter.dependents.Marker;
import io.tidemark.cachewriter.dependents.Marker.Happened;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.stats.WriterStats;
import io.tidemark.cachewriter.table.FollowedTable;
import io.tidemark.core.change.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Marks what the changes of a batch make due, before their offsets may be committed. One thread owns it. */
final class Dependents {
    private static final Logger LOG = LoggerFactory.getLogger(Dependents.class);
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final Marker marker;
    private final WriterStats stats;
    private final long patienceNanos;
    private List<Happened> happened = new ArrayList<>();
    private List<Incoming> records = new ArrayList<>();

    /** @param patienceMillis how long to try again before the records are left unfinished */
    Dependents(Marker marker, WriterStats stats, long patienceMillis) {
        this.marker = marker;
        this.stats = stats;
        this.patienceNanos = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    }

    /**
     * Plans a change.
     *
     * @param change null when nothing is known of it but its table
     */
    void add(FollowedTable table, @Nullable Change change, Incoming record) {
        if (marker.concerns(table.shape().table())) {
            happened.add(new Happened(table, change));
            // Without its value, which may be large: only where it stands is needed.
            records.add(new Incoming(record.partition(), record.offset(), null, null, record.header()));
        }
    }

    /** Does what was planned, trying again what failed; what could not be done is unfinished. */
    void settle(Watermarks marks) {
        if (happened.isEmpty()) {
            return;
        }
        long deadline = System.nanoTime() + patienceNanos;
        for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            try {
                marker.mark(happened);
                break;
            } catch (EntriesException redisAway) {
                stats.redisFailed();
                LOG.debug("what is due could not be marked: {}", redisAway.getMessage());
                if (System.nanoTime() >= deadline || !Writing.sleep(pause)) {
                    records.forEach(record -> marks.unfinished(record.partition(), record.offset()));
                    break;
                }
            }
        }
        happened = new ArrayList<>();
        records = new ArrayList<>();
    }
}
