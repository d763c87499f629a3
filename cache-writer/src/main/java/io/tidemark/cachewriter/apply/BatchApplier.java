package io.tidemark.cachewriter.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.dependents.Marker;
import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.stats.WriterStats;
import io.tidemark.cachewriter.table.FollowedTable;
import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.cachewriter.table.Tables;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.cachewriter.tags.TagRules;
import io.tidemark.cachewriter.tags.TagStore;
import io.tidemark.core.change.Change;
import io.tidemark.core.change.EnvelopeReader;
import io.tidemark.core.change.Operation;
import io.tidemark.core.change.TableId;
import io.tidemark.core.change.UnreadableChangeException;
import io.tidemark.core.change.Version;
import io.tidemark.core.document.DocumentOutcome;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings batches of records to their effect in Redis. Never throws for what a record holds or a server does: what cannot
 * be done is in the outcome. One thread owns it.
 */
public final class BatchApplier {
    private static final Logger LOG = LoggerFactory.getLogger(BatchApplier.class);
    private static final int MOST_ENTRIES = 512;
    private static final long MOST_BYTES = 1 << 20;

    private final Tables tables;
    private final Runnable lookAtShapes;
    private final Entries entries;
    private final DeadLetters deadLetters;
    private final WriterStats stats;
    private final WalHead walHead;
    private final SeenCommits seenCommits;
    private final Writing writing;
    private final RowsAgain rowsAgain;
    private final Truncation truncation;
    private final Invalidations invalidations;
    private final Dependents dependents;
    private final EnvelopeReader envelopes = new EnvelopeReader();
    private final EntryPlan plan = new EntryPlan(MOST_ENTRIES, MOST_BYTES);

    /** The key of the newest delete on each partition: the tombstone that follows it has nothing left to do. */
    private final Map<Partition, byte[]> lastDeleted = new HashMap<>();

    private Watermarks marks = new Watermarks();
    private List<Planned> readAgain = new ArrayList<>();
    private Map<String, Suspect> suspects = new LinkedHashMap<>();
    private boolean shapesMayDiffer;

    /**
     * @param lookAtShapes reads the tables' shapes from the catalog now
     * @param source for this object alone
     * @param patienceMillis how long to try again in Redis before a batch is left unfinished
     */
    public BatchApplier(
            Tables tables,
            Runnable lookAtShapes,
            Entries entries,
            TagStore tags,
            Marker marker,
            DeadLetters deadLetters,
            SourceSession source,
            WriterStats stats,
            long patienceMillis) {
        this.tables = tables;
        this.lookAtShapes = lookAtShapes;
        this.entries = entries;
        this.deadLetters = deadLetters;
        this.stats = stats;
        this.walHead = new WalHead(source);
        this.seenCommits = new SeenCommits(source, patienceMillis);
        this.writing = new Writing(entries, stats, patienceMillis);
        this.rowsAgain = new RowsAgain(tables, lookAtShapes, source, entries, writing, stats);
        this.truncation = new Truncation(entries, writing);
        this.invalidations = new Invalidations(tags, stats, patienceMillis);
        this.dependents = new Dependents(marker, stats, patienceMillis);
    }

    /** Applies a batch; records of one partition come in their order. */
    public BatchOutcome apply(Iterable<Incoming> batch) {
        marks = new Watermarks();
        seenCommits.begin();
        batch.forEach(truncation::foresee);
        for (Incoming record : batch) {
            marks.seen(record.partition(), record.offset());
            take(record);
            if (plan.isFull()) {
                startPlanned();
            }
        }
        finish();
        return marks.outcome();
    }

    private void take(Incoming record) {
        if (record.value() == null) {
            takeTombstone(record);
            return;
        }
        Change change;
        try {
            change = envelopes.read(record.key(), record.value(), record.header());
            if (walHead.isBehind(change.version())) {
                throw new UnreadableChangeException(
                        "source.sequence: expected a position in the database's WAL, found one ahead of its end");
            }
            if (seenCommits.await(change)) {
                takeChange(change, record);
            } else {
                marks.unfinished(record.partition(), record.offset());
            }
        } catch (UnreadableChangeException unreadable) {
            bury(record, String.valueOf(unreadable.getMessage()));
        } catch (SQLException databaseAway) {
            marks.unfinished(record.partition(), record.offset());
        } catch (RuntimeException unforeseen) {
            // One record must not hold up all that follow; its entry is read from the database.
            LOG.error("BUG: a record at {} {} could not be taken", record.partition(), record.offset(), unforeseen);
            bury(record, "BUG: " + unforeseen.getClass().getName());
        }
    }

    private void takeChange(Change change, Incoming record) {
        Optional<FollowedTable> found = tables.of(change.table());
        if (found.isEmpty()) {
            return;
        }
        FollowedTable table = found.get();
        TagRules rules = table.tagRules();
        if (change.operation() == Operation.TRUNCATE) {
            if (rules != null) {
                invalidations.addTruncate(rules, change.table(), record);
            }
            dependents.add(table, change, record);
            truncate(table, change, record);
            return;
        }
        byte[] key = record.key();
        if (change.operation() == Operation.DELETE && key != null) {
            lastDeleted.put(record.partition(), key);
        }
        if (truncation.hasTaken(change)) {
            return;
        }
        ObjectNode primaryKey = table.primaryKeyOf(change);
        if (rules != null && table.mayBeOfAnOlderShape(change)) {
            invalidations.addUnknown(rules, record);
        } else if (rules != null) {
            invalidations.add(rules, change, record);
        }
        dependents.add(table, change, record);
        for (Target target : table.changedTargets()) {
            plan.add(target, target.entryKey(primaryKey), primaryKey, change, record);
        }
    }

    /**
     * A tombstone that follows its delete has nothing to do. One that stands alone is all that Kafka has kept of a
     * delete, and does not say of which version.
     */
    private void takeTombstone(Incoming record) {
        byte[] deleted = lastDeleted.remove(record.partition());
        if (deleted == null || !Arrays.equals(deleted, record.key())) {
            suspect(record);
            tables.ofTopic(record.partition().topic()).ifPresent(table -> deletedSometime(table, record));
        }
    }

    private void deletedSometime(FollowedTable table, Incoming record) {
        TagRules rules = table.tagRules();
        Change deletion = null;
        try {
            deletion = record.key() == null ? null : deletionOf(table.shape().table(), record);
            if (rules != null && deletion != null) {
                invalidations.add(rules, deletion, record);
            }
        } catch (UnreadableChangeException unknownKey) {
            if (rules != null) {
                invalidations.addUnknown(rules, record);
            }
        }
        dependents.add(table, deletion, record);
    }

    private void truncate(FollowedTable table, Change change, Incoming record) {
        startPlanned();
        readAgain.addAll(writing.settle(marks));
        try {
            readAgain.addAll(truncation.apply(table, change, record, marks));
        } catch (EntriesException redisAway) {
            stats.redisFailed();
            marks.unfinished(record.partition(), record.offset());
        }
    }

    /** Keeps a record that cannot be read among the dead letters, and sees to it that its entry is not stale. */
    private void bury(Incoming record, String reason) {
        try {
            deadLetters.keep(record, reason);
            stats.deadLetter();
            tables.ofTopic(record.partition().topic()).ifPresent(table -> dependents.add(table, null, record));
            tables.ofTopic(record.partition().topic())
                    .map(FollowedTable::tagRules)
                    .ifPresent(rules -> invalidations.addUnknown(rules, record));
            List<String> keys = suspect(record);
            entries.invalidate(keys);
        } catch (DeadLetters.DeadLetterException | EntriesException failure) {
            marks.unfinished(record.partition(), record.offset());
        }
    }

    /** The keys of the entries that a record is about, which are suspects now; none when its key says nothing. */
    private List<String> suspect(Incoming record) {
        Optional<FollowedTable> found = tables.ofTopic(record.partition().topic());
        if (found.isEmpty() || record.key() == null) {
            return List.of();
        }
        FollowedTable table = found.get();
        List<String> keys = new ArrayList<>();
        try {
            ObjectNode primaryKey = table.primaryKeyOf(deletionOf(table.shape().table(), record));
            for (Target target : table.changedTargets()) {
                String key = target.entryKey(primaryKey);
                keys.add(key);
                suspects.merge(
                        key,
                        new Suspect(target, key, primaryKey, record.partition(), record.offset()),
                        (first, later) -> first);
            }
        } catch (UnreadableChangeException | IllegalArgumentException unknownKey) {
            return keys;
        }
        return keys;
    }

    private Change deletionOf(TableId table, Incoming record) {
        return new Change(
                table, Operation.DELETE, Version.NONE, 0, envelopes.readKey(record.key()), null, null, false, false);
    }

    private void startPlanned() {
        Map<Long, List<Writing.Pending>> byTtl = new LinkedHashMap<>();
        for (Planned planned : plan.take()) {
            Writing.Pending pending = pending(planned);
            if (pending == null) {
                readAgain.add(planned);
            } else {
                byTtl.computeIfAbsent(planned.target().cache().ttlMillis(), ttl -> new ArrayList<>())
                        .add(pending);
            }
        }
        byTtl.forEach(writing::start);
    }

    /** The write that a change stands for; null when the row must be read. */
    private Writing.@Nullable Pending pending(Planned planned) {
        Change change = planned.newest();
        if (!change.operation().leavesRow()) {
            // The old key of a changed primary key may belong to another row by now.
            return change.keyMoved() ? null : new Writing.Pending(planned, planned.write(null, null));
        }
        Optional<FollowedTable> table = tables.of(change.table());
        if (table.isPresent() && table.get().mayBeOfAnOlderShape(change)) {
            return null;
        }
        DocumentOutcome outcome = documentOf(planned);
        if (outcome instanceof DocumentOutcome.Exact exact) {
            return new Writing.Pending(planned, planned.write(null, exact.json()));
        }
        if (outcome instanceof DocumentOutcome.ReadAgain again
                && again.reason() == DocumentOutcome.Reason.SHAPE_DIFFERS) {
            shapesMayDiffer = true;
        }
        return null;
    }

    private static @Nullable DocumentOutcome documentOf(Planned planned) {
        try {
            return planned.target().documents().of(planned.newest());
        } catch (RuntimeException unforeseen) {
            LOG.error(
                    "BUG: a change of {} gave no document; the row is read",
                    planned.newest().table(),
                    unforeseen);
            return null;
        }
    }

    private void finish() {
        startPlanned();
        invalidations.settle(marks);
        dependents.settle(marks);
        readAgain.addAll(writing.settle(marks));
        if (shapesMayDiffer) {
            shapesMayDiffer = false;
            lookAtShapes.run();
        }
        List<Planned> again = readAgain;
        readAgain = new ArrayList<>();
        for (Planned planned : rowsAgain.read(again, marks)) {
            // What was read just now was refused as too old: a fill under a lease is not compared.
            planned.suspect(suspects);
        }
        List<Suspect> left = List.copyOf(suspects.values());
        suspects = new LinkedHashMap<>();
        rowsAgain.settle(left, marks);
    }
}
