package io.tidemark.cachewriter.apply;

import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.core.change.Change;
import io.tidemark.core.postgres.Visibility;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a change back until every reader of the database sees it, where whoever captured it has not: PostgreSQL puts a commit
 * into the WAL before it makes it visible, and a row read in between would be the old one. One thread owns it.
 *
 * <p>The database is asked only for a transaction that is newer than its last answer.
 */
final class SeenCommits {
    private static final Logger LOG = LoggerFactory.getLogger(SeenCommits.class);
    private static final long PAUSE_MILLIS = 2;

    /** An older one is not asked about: transactions are compared as distances, and theirs may be too far by then. */
    private static final long OLDEST_MICROS = TimeUnit.DAYS.toMicros(1);

    private final SourceSession source;
    private final long patienceNanos;
    private @Nullable Visibility known;
    private boolean tired;

    /** @param patienceMillis how long to wait within a batch */
    SeenCommits(SourceSession source, long patienceMillis) {
        this.source = source;
        this.patienceNanos = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    }

    /** A batch begins. */
    void begin() {
        tired = false;
    }

    /**
     * Waits until the change is seen.
     *
     * @return false when it is not yet, and has to come again
     * @throws SQLException when the database has to be asked and cannot be
     */
    boolean await(Change change) throws SQLException {
        int transaction = (int) change.unseenTransaction();
        if (transaction == 0 || known != null && known.shows(transaction)) {
            return true;
        }
        long deadline = System.nanoTime() + patienceNanos;
        while (true) {
            Visibility.AtTime now = source.visibility();
            known = now.visibility();
            if (known.shows(transaction) || now.micros() - change.committedAtMicros() > OLDEST_MICROS) {
                return true;
            }
            if (tired || System.nanoTime() > deadline || !Writing.sleep(PAUSE_MILLIS)) {
                if (!tired) {
                    tired = true;
                    LOG.warn(
                            "a change of {} is in the WAL and no reader of the database can see it yet; it waits in Kafka. Is a"
                                    + " synchronous stand-by gone (synchronous_standby_names)?",
                            change.table());
                }
                return false;
            }
        }
    }
}
