package io.tidemark.cachewriter.apply;

import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.core.change.Version;
import java.sql.SQLException;

/**
 * Knows versions that cannot be: those ahead of the database's own WAL. Taken for real, one such version would keep every
 * true change of its entry out. One thread owns it.
 *
 * <p>The database is asked only when a version is well ahead of what it last said, so hardly ever: a version less far ahead
 * is passed by real ones within moments.
 */
final class WalHead {
    private static final long SLACK_BYTES = 16L << 20;
    private static final int MOST_EPOCHS_AHEAD = 1_000;

    private final SourceSession source;
    private long knownLsn;
    private int highestEpoch = 1;

    WalHead(SourceSession source) {
        this.source = source;
    }

    /**
     * Whether no database of ours can have made a change of this version.
     *
     * @throws SQLException when the database has to be asked and cannot be
     */
    boolean isBehind(Version version) throws SQLException {
        if (version.epoch() > highestEpoch + MOST_EPOCHS_AHEAD) {
            return true;
        }
        long lsn = Long.compareUnsigned(version.commitLsn(), version.eventLsn()) > 0
                ? version.commitLsn()
                : version.eventLsn();
        if (Long.compareUnsigned(lsn, knownLsn + SLACK_BYTES) > 0) {
            knownLsn = source.walLsn();
            if (Long.compareUnsigned(lsn, knownLsn) > 0) {
                return true;
            }
        }
        highestEpoch = Math.max(highestEpoch, version.epoch());
        return false;
    }
}
