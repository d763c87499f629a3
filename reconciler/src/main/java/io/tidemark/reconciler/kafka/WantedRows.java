package io.tidemark.reconciler.kafka;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.Change;
import io.tidemark.core.change.Operation;
import io.tidemark.core.change.UnreadableChangeException;
import io.tidemark.core.change.Version;
import io.tidemark.core.document.DocumentOutcome;
import io.tidemark.core.document.RowDocuments;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.reconciler.cause.Evidence.Search;
import io.tidemark.reconciler.verify.Drift;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps of each wanted row the newest change that comes by. Not thread-safe. */
final class WantedRows {
    private final Cache cache;
    private final RowDocuments documents;
    private final Map<String, Drift> wanted = new HashMap<>();
    private final Map<String, Seen> changes = new HashMap<>();
    private final Map<String, Letter> letters = new HashMap<>();

    private record Seen(Version version, int partition, long offset, Search search) {}

    private record Letter(int partition, long offset, String reason) {}

    WantedRows(Cache cache, TableShape shape, List<Drift> drifts) {
        this.cache = cache;
        this.documents = new RowDocuments(shape, cache.fields()::includes);
        drifts.forEach(drift -> wanted.put(drift.key(), drift));
    }

    boolean has(ObjectNode recordKey) {
        return wanted.containsKey(keyOf(recordKey));
    }

    /** Takes a change in, unless the row was compared before it was committed. */
    void take(Change change, int partition, long offset) {
        if (change.operation() == Operation.TRUNCATE) {
            wanted.values().forEach(drift -> take(drift, change, -1, offset));
            return;
        }
        Drift drift = change.key() == null ? null : wanted.get(keyOf(change.key()));
        if (drift != null) {
            take(drift, change, partition, offset);
        }
    }

    private void take(Drift drift, Change change, int partition, long offset) {
        Seen known = changes.get(drift.key());
        boolean isLater = Long.compareUnsigned(change.version().commitLsn(), drift.horizonLsn()) > 0;
        if (isLater || known != null && known.version().isNewerThan(change.version())) {
            return;
        }
        Instant committed = change.committedAtMicros() == 0
                ? null
                : Instant.EPOCH.plus(change.committedAtMicros(), ChronoUnit.MICROS);
        Search.Newest newest = new Search.Newest(
                change.version().text(), committed, !change.operation().leavesRow(), documentOf(change));
        changes.put(drift.key(), new Seen(change.version(), partition, offset, newest));
    }

    private byte @Nullable [] documentOf(Change change) {
        return change.operation().leavesRow() && documents.of(change) instanceof DocumentOutcome.Exact exact
                ? exact.json()
                : null;
    }

    /** Takes in a record that could not be read, by where it stood in the table's topic. */
    void takeUnreadable(ObjectNode recordKey, int partition, long offset, String reason) {
        String key = keyOf(recordKey);
        Letter known = letters.get(key);
        if (wanted.containsKey(key) && (known == null || known.offset() < offset)) {
            letters.put(key, new Letter(partition, offset, reason));
        }
    }

    /** What was found of each, by the entries' keys; a dead letter only where nothing readable came after it. */
    Map<String, Search> found() {
        Map<String, Search> found = new HashMap<>();
        for (String key : wanted.keySet()) {
            Seen change = changes.get(key);
            Letter letter = letters.get(key);
            boolean isMended = change != null
                    && letter != null
                    && change.partition() == letter.partition()
                    && change.offset() > letter.offset();
            Search search = change == null ? new Search.Nothing() : change.search();
            found.put(
                    key,
                    letter == null || isMended
                            ? search
                            : new Search.Unreadable(
                                    "offset " + letter.offset() + " of partition " + letter.partition(),
                                    letter.reason(),
                                    search));
        }
        return found;
    }

    private String keyOf(ObjectNode recordKey) {
        try {
            return cache.key()
                    .render(documents.keyOf(new Change(
                            cache.table(), Operation.DELETE, Version.NONE, 0, recordKey, null, null, false, false)));
        } catch (UnreadableChangeException other) {
            return "";
        }
    }
}
