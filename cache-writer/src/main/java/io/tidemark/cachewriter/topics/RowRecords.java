package io.tidemark.cachewriter.topics;

import io.tidemark.cachewriter.entries.EntryWrite;
import io.tidemark.cachewriter.table.FollowedTable;
import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.cachewriter.topics.RowTopics.Newest;
import io.tidemark.core.change.Change;
import io.tidemark.core.change.EnvelopeReader;
import io.tidemark.core.change.Operation;
import io.tidemark.core.change.TableId;
import io.tidemark.core.change.UnreadableChangeException;
import io.tidemark.core.change.Version;
import io.tidemark.core.document.DocumentOutcome;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the records of a table's topic say of the entries of one cache. One thread.
 *
 * <p>The database is asked where its WAL stands, so that no version is believed that it cannot have made; it is asked for no row.
 */
public final class RowRecords {
    private static final EnvelopeReader ENVELOPES = new EnvelopeReader();

    private final FollowedTable table;
    private final Target target;
    private final SourceSession source;
    private long knownLsn;

    public RowRecords(FollowedTable table, Target target, SourceSession source) {
        this.table = table;
        this.target = target;
        this.source = source;
    }

    public TableId table() {
        return table.shape().table();
    }

    /** The records by the keys of their entries, of several of one entry the last; those whose key cannot be read are left out. */
    public Map<String, Newest> byEntry(Collection<Newest> rows) {
        Map<String, Newest> byEntry = new LinkedHashMap<>();
        for (Newest row : rows) {
            try {
                Change deletion = new Change(
                        table(),
                        Operation.DELETE,
                        Version.NONE,
                        0,
                        ENVELOPES.readKey(row.key()),
                        null,
                        null,
                        false,
                        false);
                byEntry.put(target.entryKey(table.primaryKeyOf(deletion)), row);
            } catch (UnreadableChangeException | IllegalArgumentException ofNoRow) {
                // Nobody can say whose entry it would be.
                continue;
            }
        }
        return byEntry;
    }

    /**
     * The change that a record tells of; null when only the database can say what the row is.
     *
     * @throws SQLException when the database does not say where its WAL stands
     */
    public @Nullable Change changeOf(Newest row) throws SQLException {
        byte[] value = row.value();
        if (row.ofAnEarlierEpoch() || value == null) {
            return null;
        }
        try {
            Change change = ENVELOPES.read(row.key(), value, row.header());
            return table.mayBeOfAnOlderShape(change) || isAheadOfTheDatabase(change.version()) ? null : change;
        } catch (UnreadableChangeException unreadable) {
            return null;
        }
    }

    /** The entry's document after a change; null when the change does not say all of it exactly. */
    public byte @Nullable [] documentOf(Change change) {
        return target.documents().of(change) instanceof DocumentOutcome.Exact exact ? exact.json() : null;
    }

    /**
     * What a change writes to an entry.
     *
     * @param document null for the delete that the change is
     */
    public EntryWrite writeOf(String key, Change change, byte @Nullable [] document) {
        return EntryWrite.of(
                key,
                change.version(),
                change.committedAtMicros(),
                null,
                document,
                target.cache().format());
    }

    private boolean isAheadOfTheDatabase(Version version) throws SQLException {
        long lsn = Long.compareUnsigned(version.commitLsn(), version.eventLsn()) > 0
                ? version.commitLsn()
                : version.eventLsn();
        if (Long.compareUnsigned(lsn, knownLsn) > 0) {
            knownLsn = source.walLsn();
        }
        return Long.compareUnsigned(lsn, knownLsn) > 0;
    }
}
