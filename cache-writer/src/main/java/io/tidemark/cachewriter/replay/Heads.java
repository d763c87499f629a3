package io.tidemark.cachewriter.replay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.apply.Incoming;
import io.tidemark.cachewriter.table.FollowedTable;
import io.tidemark.cachewriter.table.Tables;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.core.change.Change;
import io.tidemark.core.change.EnvelopeReader;
import io.tidemark.core.change.Operation;
import io.tidemark.core.change.TableId;
import io.tidemark.core.change.UnreadableChangeException;
import io.tidemark.core.change.Version;
import io.tidemark.core.document.DocumentOutcome;
import io.tidemark.core.pipeline.TagTemplate;
import io.tidemark.core.postgres.ExactJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells of records which entries they are about, without building any document. For one thread. */
final class Heads {
    private final Tables tables;
    private final Set<String> rowCaches;
    private final String onlyKey;
    private final String onlyTag;
    private final EnvelopeReader envelopes = new EnvelopeReader();

    /**
     * @param onlyKey empty for every key
     * @param onlyTag empty for rows of any tags
     */
    Heads(Tables tables, Set<String> rowCaches, String onlyKey, String onlyTag) {
        this.tables = tables;
        this.rowCaches = rowCaches;
        this.onlyKey = onlyKey;
        this.onlyTag = onlyTag;
    }

    /**
     * What a record is about.
     *
     * @param keys its entries
     * @param version of its change; none for a tombstone that stands alone
     * @param leavesRow whether there is a row after it
     * @param isOfTable whether it is about all of a table's entries
     */
    record Head(Incoming record, List<String> keys, Version version, boolean leavesRow, boolean isOfTable) {

        /** Whether nothing but a person's word says that the row is gone. */
        boolean isTombstone() {
            return record.value() == null;
        }
    }

    /**
     * Reads a record's head; null when it is not asked for.
     *
     * @throws UnreadableChangeException when it is none of ours
     */
    @Nullable
    Head of(Incoming record) {
        byte[] value = record.value();
        if (value == null) {
            return ofTombstone(record);
        }
        Change change = onlyTag.isEmpty()
                ? envelopes.readHead(record.key(), value, record.header())
                : envelopes.read(record.key(), value, record.header());
        Optional<FollowedTable> found = tables.of(change.table());
        if (found.isEmpty()) {
            return null;
        }
        FollowedTable table = found.get();
        if (change.operation() == Operation.TRUNCATE) {
            return new Head(record, List.of(), change.version(), false, true);
        }
        if (!onlyTag.isEmpty() && !mayCarry(table, change)) {
            return null;
        }
        List<String> keys = keys(table, table.primaryKeyOf(change));
        boolean isAskedFor = onlyKey.isEmpty() || !keys.isEmpty();
        return isAskedFor
                ? new Head(record, keys, change.version(), change.operation().leavesRow(), false)
                : null;
    }

    private @Nullable Head ofTombstone(Incoming record) {
        Optional<FollowedTable> found = tables.ofTopic(record.partition().topic());
        if (found.isEmpty() || record.key() == null) {
            return null;
        }
        TableId id = found.get().shape().table();
        Change deleted = new Change(
                id, Operation.DELETE, Version.NONE, 0, envelopes.readKey(record.key()), null, null, false, false);
        List<String> keys = keys(found.get(), found.get().primaryKeyOf(deleted));
        boolean isAskedFor = onlyKey.isEmpty() || !keys.isEmpty();
        return isAskedFor ? new Head(record, keys, Version.NONE, false, false) : null;
    }

    private List<String> keys(FollowedTable table, ObjectNode primaryKey) {
        List<String> keys = new ArrayList<>(1);
        for (Target target : table.targets()) {
            if (target.followsChanges() && rowCaches.contains(target.cache().name())) {
                String key = target.entryKey(primaryKey);
                if (onlyKey.isEmpty() || onlyKey.equals(key)) {
                    keys.add(key);
                }
            }
        }
        return keys;
    }

    /** Whether the row carries the tag after its change, or may have before it went. */
    private boolean mayCarry(FollowedTable table, Change change) {
        if (table.tagRules() != null && table.tagRules().mayCarry(change, onlyTag)) {
            return true;
        }
        for (Target target : table.changedTargets()) {
            for (TagTemplate template : target.cache().tags()) {
                if (template.matches(onlyTag) && mayBe(template, row(target, change))) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean mayBe(TagTemplate template, @Nullable ObjectNode row) {
        return row == null
                || !template.columns().stream().allMatch(row::has)
                || template.render(row).filter(onlyTag::equals).isPresent();
    }

    /** The row's document; null where it does not come with the change. */
    private static @Nullable ObjectNode row(Target target, Change change) {
        if (change.operation().leavesRow() && target.documents().of(change) instanceof DocumentOutcome.Exact exact) {
            try {
                return (ObjectNode) ExactJson.reader().readTree(exact.json());
            } catch (IOException impossible) {
                throw new UncheckedIOException("BUG: a document that was just made cannot be read", impossible);
            }
        }
        return null;
    }
}
