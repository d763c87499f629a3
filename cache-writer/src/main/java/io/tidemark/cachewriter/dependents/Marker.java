package io.tidemark.cachewriter.dependents;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.dependents.DueStore.Manner;
import io.tidemark.cachewriter.dependents.DueStore.Memory;
import io.tidemark.cachewriter.dependents.Namings.OfCache;
import io.tidemark.cachewriter.table.FollowedTable;
import io.tidemark.core.change.Change;
import io.tidemark.core.change.Operation;
import io.tidemark.core.change.TableId;
import io.tidemark.core.change.Version;
import io.tidemark.core.document.DocumentOutcome;
import io.tidemark.core.pipeline.QueryCache;
import io.tidemark.core.postgres.ExactJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marks in Redis what changes make due. Once that has happened the changes may be forgotten: whoever reads what is due again
 * need not be the one who marked it. One thread owns it.
 *
 * <p>What a row names is remembered after it was marked, never before: changes that come again because they were not
 * finished find what they found the first time.
 */
public final class Marker {
    private static final Logger LOG = LoggerFactory.getLogger(Marker.class);
    private static final long SETTLING_MILLIS = 300;
    private static final long SNAPSHOT_MILLIS = 1_000;
    private static final long FORGET_DELETED_MILLIS = TimeUnit.HOURS.toMillis(24);

    private final Namings namings;
    private final DueStore store;
    private final Runnable marked;

    /** @param marked told when something was marked */
    public Marker(Namings namings, DueStore store, Runnable marked) {
        this.namings = namings;
        this.store = store;
        this.marked = marked;
    }

    /**
     * A change, or that of a row nothing more is known.
     *
     * @param table where it happened
     * @param change null when nothing is known of it
     */
    public record Happened(FollowedTable table, @Nullable Change change) {}

    /** Whether any cache depends on a table. */
    public boolean concerns(TableId table) {
        return namings.caches().stream()
                .anyMatch(cache -> cache.dependencyOn(table).isPresent());
    }

    /**
     * Marks.
     *
     * @param changes of one row in their order
     * @throws io.tidemark.cachewriter.entries.EntriesException when not all of it could be marked
     */
    public void mark(List<Happened> changes) {
        Batch batch = new Batch();
        for (Happened one : changes) {
            try {
                for (OfCache naming : namings.of(one.table().shape())) {
                    batch.add(naming, one);
                }
            } catch (RuntimeException unforeseen) {
                // A column that the file names is gone, say. Nothing may be left as if it were right.
                TableId table = one.table().shape().table();
                LOG.error("what a change of {} makes due cannot be told; its caches are read anew", table, unforeseen);
                batch.addEverything(table);
            }
        }
        batch.write();
        marked.run();
    }

    /** What one batch marks and remembers. */
    private final class Batch {
        private final Map<QueryCache, Set<String>> first = new LinkedHashMap<>();
        private final Set<QueryCache> everything = new LinkedHashSet<>();
        private final Set<QueryCache> snapshots = new LinkedHashSet<>();
        private final Map<String, QueryCache> memories = new LinkedHashMap<>();
        private final Map<String, Memory> remember = new LinkedHashMap<>();

        void addEverything(TableId table) {
            namings.caches().stream()
                    .filter(cache -> cache.dependencyOn(table).isPresent())
                    .forEach(everything::add);
        }

        void add(OfCache naming, Happened one) {
            Change change = one.change();
            QueryCache cache = naming.cache();
            if (change == null || change.operation() == Operation.TRUNCATE) {
                everything.add(cache);
                return;
            }
            if (change.operation() == Operation.READ) {
                snapshots.add(cache);
                if (!naming.remembers()) {
                    return;
                }
            }
            ObjectNode primaryKey = one.table().primaryKeyOf(change);
            if (!naming.remembers()) {
                due(cache).addAll(naming.members(primaryKey));
                return;
            }
            remembered(naming, one, change, primaryKey);
        }

        private void remembered(OfCache naming, Happened one, Change change, ObjectNode primaryKey) {
            String memory = naming.memoryOf(primaryKey);
            memories.put(memory, naming.cache());
            List<String> names = List.of();
            if (change.operation().leavesRow()) {
                ObjectNode row = one.table().mayBeOfAnOlderShape(change) ? null : rowOf(naming, change);
                if (row == null) {
                    due(naming.cache()).add(new Member.Row(naming.shape().table(), primaryKey).toString());
                    return;
                }
                names = naming.members(row);
                due(naming.cache()).addAll(names);
            }
            if (change.version().equals(Version.NONE)) {
                return;
            }
            Memory before = remember.get(memory);
            if (before != null) {
                due(naming.cache()).addAll(before.names());
            }
            if (before == null || before.version() == null || change.version().isNewerThan(before.version())) {
                long ttl = change.operation().leavesRow() ? 0 : FORGET_DELETED_MILLIS;
                remember.put(memory, new Memory(memory, change.version(), ttl, names));
            }
        }

        private Set<String> due(QueryCache cache) {
            return first.computeIfAbsent(cache, c -> new LinkedHashSet<>());
        }

        void write() {
            List<String> rows = new ArrayList<>(memories.keySet());
            Map<String, List<String>> known = new HashMap<>();
            if (!rows.isEmpty()) {
                List<List<String>> recalled = store.recall(rows);
                for (int i = 0; i < rows.size(); i++) {
                    known.put(rows.get(i), recalled.get(i));
                }
            }
            memories.forEach((row, cache) -> due(cache).addAll(known.getOrDefault(row, List.of())));
            first.forEach((cache, members) ->
                    store.mark(cache.name(), Manner.FIRST, cache.pace().after().toMillis(), members));
            everything.forEach(
                    cache -> store.mark(cache.name(), Manner.FIRST, SETTLING_MILLIS, List.of(Member.EVERYTHING)));
            snapshots.forEach(
                    cache -> store.mark(cache.name(), Manner.LAST, SNAPSHOT_MILLIS, List.of(Member.SNAPSHOT)));
            store.remember(remember.values().stream()
                    .filter(memory -> memory.ttlMillis() > 0
                            || !new LinkedHashSet<>(memory.names())
                                    .equals(new LinkedHashSet<>(known.getOrDefault(memory.row(), List.of()))))
                    .toList());
        }
    }

    /** What is needed of the row; null when the change does not carry it exactly. */
    private static @Nullable ObjectNode rowOf(OfCache naming, Change change) {
        if (!(naming.documents().of(change) instanceof DocumentOutcome.Exact exact)) {
            return null;
        }
        try {
            return (ObjectNode) ExactJson.reader().readTree(exact.json());
        } catch (IOException impossible) {
            throw new UncheckedIOException("BUG: a document that was just made cannot be read", impossible);
        }
    }
}
