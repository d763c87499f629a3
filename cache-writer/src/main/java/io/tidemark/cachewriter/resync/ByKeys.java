package io.tidemark.cachewriter.resync;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.core.postgres.RowsRead;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

/**
 * Asks the database for the rows of entries by their keys, and for no other; what differs is read once more under a lease and
 * written. One thread.
 */
final class ByKeys {
    private static final int AT_ONCE = 500;

    private final Target target;
    private final SourceSession source;
    private final Comparing comparing;
    private final Refilling rows;

    ByKeys(Target target, SourceSession source, Comparing comparing, Refilling rows) {
        this.target = target;
        this.source = source;
        this.comparing = comparing;
        this.rows = rows;
    }

    /** Told of each portion that was asked for; may take its time. */
    @FunctionalInterface
    interface Asked {
        /** @param found how many of them have a row */
        void rows(long asked, long found) throws InterruptedException;
    }

    /** Reads entries again, as long as nobody cancels it. */
    void readAgain(List<String> keys, Progress progress, Asked asked) throws SQLException, InterruptedException {
        int from = 0;
        while (from < keys.size() && !progress.isCancelled()) {
            List<String> portion = keys.subList(from, Math.min(keys.size(), from + progress.portion(AT_ONCE)));
            asked.rows(portion.size(), compare(portion, progress));
            from += portion.size();
        }
        rows.finish(progress);
    }

    private long compare(List<String> keys, Progress progress) throws SQLException {
        List<ObjectNode> primaryKeys = keys.stream().map(this::primaryKey).toList();
        RowsRead read = source.run(connection -> target.reader().read(connection, primaryKeys));
        BitSet right = comparing.right(keys, read.documents());
        List<String> differing = new ArrayList<>();
        List<ObjectNode> theirs = new ArrayList<>();
        for (int i = right.nextClearBit(0); i < keys.size(); i = right.nextClearBit(i + 1)) {
            differing.add(keys.get(i));
            theirs.add(primaryKeys.get(i));
        }
        rows.begin(differing, theirs, progress);
        return read.documents().stream().filter(Objects::nonNull).count();
    }

    /** As texts: PostgreSQL gives them their columns' types. */
    private ObjectNode primaryKey(String key) {
        ObjectNode primaryKey = JsonNodeFactory.instance.objectNode();
        target.cache().key().match(key).orElseThrow().forEach(primaryKey::put);
        return primaryKey;
    }
}
