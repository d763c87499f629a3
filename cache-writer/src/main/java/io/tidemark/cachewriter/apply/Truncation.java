package io.tidemark.cachewriter.apply;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.entries.Entries;
import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.table.FollowedTable;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.core.change.Change;
import io.tidemark.core.change.ChangeHeaders;
import io.tidemark.core.change.EnvelopeReader;
import io.tidemark.core.change.TableId;
import io.tidemark.core.change.UnreadableChangeException;
import io.tidemark.core.change.Version;
import io.tidemark.core.postgres.Column;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Answers a TRUNCATE: evicts every entry of the table's caches whose fence is older. One thread owns it.
 *
 * <p>The record comes once on each partition, and everything before it on the same partition has been written when it is
 * answered. So a change older than it that is written late, from another partition, is found when that partition's
 * record comes.
 *
 * <p>Where a Kafka Connect cluster captured it, what comes behind the record on a partition may be older than it. So its version is
 * remembered, and what is older is left out from then on.
 */
final class Truncation {
    private static final Set<String> NUMBERS = Set.of("int2", "int4", "int8", "numeric", "float4", "float8", "oid");

    private final Entries entries;
    private final Writing writing;
    private final EnvelopeReader envelopes = new EnvelopeReader();
    private final Map<TableId, Version> without = new HashMap<>();

    Truncation(Entries entries, Writing writing) {
        this.entries = entries;
        this.writing = writing;
    }

    /** Looks at a record of a batch before any of them is applied. */
    void foresee(Incoming record) {
        byte[] value = record.value();
        if (value == null || !ChangeHeaders.isTruncateWithoutPlace(record.key())) {
            return;
        }
        try {
            Change truncate = envelopes.readHead(record.key(), value, record.header());
            without.merge(
                    truncate.table(), truncate.version(), (before, now) -> now.isNewerThan(before) ? now : before);
        } catch (UnreadableChangeException unreadable) {
            // It becomes a dead letter when its turn comes.
            return;
        }
    }

    /** Whether a later TRUNCATE is known that left nothing of this change. */
    boolean hasTaken(Change change) {
        Version truncated = without.get(change.table());
        return truncated != null && truncated.isNewerThan(change.version());
    }

    /**
     * @param marks learns when it could not be done
     * @return entries whose value was read from the database perhaps after the TRUNCATE: to be read again
     * @throws EntriesException when Redis cannot be gone through
     */
    List<Planned> apply(FollowedTable table, Change truncate, Incoming record, Watermarks marks) {
        List<Planned> readAgain = new ArrayList<>();
        for (Target target : table.changedTargets()) {
            entries.scan(target.cache().key().scanPattern(), keys -> {
                List<Writing.Pending> evictions = new ArrayList<>(keys.size());
                for (String key : keys) {
                    primaryKey(table, target, key).ifPresent(primaryKey -> {
                        Planned planned =
                                new Planned(target, key, primaryKey, truncate, record.partition(), record.offset());
                        evictions.add(new Writing.Pending(planned, planned.write(null, null)));
                    });
                }
                writing.start(target.cache().ttlMillis(), evictions);
                readAgain.addAll(writing.settle(marks));
            });
        }
        return readAgain;
    }

    /** The primary key that a Redis key was made of; empty when it is of no entry of the cache. */
    private static Optional<ObjectNode> primaryKey(FollowedTable table, Target target, String key) {
        Optional<Map<String, String>> texts = target.cache().key().match(key);
        if (texts.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode primaryKey = JsonNodeFactory.instance.objectNode();
        for (Column column : table.shape().keyColumns()) {
            String text = texts.get().get(column.name());
            if (text == null) {
                return Optional.empty();
            }
            try {
                put(primaryKey, column, text);
            } catch (NumberFormatException notOfThisTable) {
                return Optional.empty();
            }
        }
        return Optional.of(primaryKey);
    }

    private static void put(ObjectNode primaryKey, Column column, String text) {
        String type = column.type().isBuiltIn() ? column.type().name() : "";
        if (type.equals("bool")) {
            primaryKey.put(column.name(), text.equals("true"));
        } else if (NUMBERS.contains(type) && !text.equals("NaN") && !text.endsWith("Infinity")) {
            primaryKey.put(column.name(), new BigDecimal(text));
        } else {
            primaryKey.put(column.name(), text);
        }
    }
}
