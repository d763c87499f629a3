package io.tidemark.cachewriter.admin;

import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.EntryWrite;
import io.tidemark.cachewriter.entries.Refreshed;
import io.tidemark.cachewriter.entries.WriteResult;
import io.tidemark.cachewriter.table.FollowedTable;
import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.cachewriter.topics.RowRecords;
import io.tidemark.cachewriter.topics.RowTopics.Newest;
import io.tidemark.core.change.Change;
import io.tidemark.core.change.TableId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Fills missing entries of one cache with the newest records of their rows, put under the fences as any change is. What a record
 * does not say exactly, what a fence refuses and what may be out of date is read from the database under a lease. One thread.
 */
final class TopicRows {
    private final RowRecords records;
    private final Target target;
    private final Entries entries;
    private final Refresh refresh;

    /** Reads entries from the database. */
    @FunctionalInterface
    interface Refresh {
        Refreshed keys(List<String> keys) throws SQLException;
    }

    TopicRows(FollowedTable table, Target target, SourceSession source, Entries entries, Refresh refresh) {
        this.records = new RowRecords(table, target, source);
        this.target = target;
        this.entries = entries;
        this.refresh = refresh;
    }

    TableId table() {
        return records.table();
    }

    /** The records by the keys of their entries. */
    Map<String, Newest> byEntry(List<Newest> rows) {
        return records.byEntry(rows);
    }

    /** @param readFromTheDatabase how many of them it took the database to fill */
    record Filled(Refreshed all, long readFromTheDatabase) {}

    /** Fills entries that are missing. */
    Filled fill(Map<String, Newest> missing) throws SQLException {
        List<EntryWrite> writes = new ArrayList<>();
        List<String> again = new ArrayList<>();
        for (Map.Entry<String, Newest> one : missing.entrySet()) {
            Change change = records.changeOf(one.getValue());
            if (change != null && !change.operation().leavesRow() && !change.keyMoved()) {
                // It is missing since it was deleted.
                continue;
            }
            byte[] document = change == null ? null : records.documentOf(change);
            if (change == null || document == null) {
                again.add(one.getKey());
            } else {
                writes.add(records.writeOf(one.getKey(), change, document));
            }
        }
        long written = 0;
        List<WriteResult> results = entries.applied(target.cache().ttlMillis(), writes);
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i) == WriteResult.WRITTEN) {
                written++;
            } else {
                // Its fence has seen this or something newer, and its value is gone all the same.
                again.add(writes.get(i).key());
            }
        }
        Refreshed read = refresh.keys(again);
        return new Filled(new Refreshed(written + read.filled(), read.removed(), read.overtaken()), again.size());
    }

    /** Puts records of rows that were filled just now. A fence that has seen them keeps what is there. */
    void overtake(Map<String, Newest> late) throws SQLException {
        List<EntryWrite> writes = new ArrayList<>();
        List<String> again = new ArrayList<>();
        for (Map.Entry<String, Newest> one : late.entrySet()) {
            Change change = records.changeOf(one.getValue());
            byte[] document =
                    change == null || change.keyMoved() || !change.operation().leavesRow()
                            ? null
                            : records.documentOf(change);
            if (change == null || document == null) {
                again.add(one.getKey());
            } else {
                writes.add(records.writeOf(one.getKey(), change, document));
            }
        }
        entries.applied(target.cache().ttlMillis(), writes);
        refresh.keys(again);
    }
}
