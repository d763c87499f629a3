package io.tidemark.cachewriter.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.entries.EntryWrite;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.core.change.Change;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry that records of the batch touch: the newest change of it, and the records that wait for its effect. Not
 * thread-safe.
 */
final class Planned {
    private final Target target;
    private final String key;
    private final ObjectNode primaryKey;
    private final Partition partition;
    private long offset;
    private @Nullable Map<Partition, Long> otherOffsets;
    private Change newest;
    private long oldestCommitMicros;
    private int changes = 1;

    /** @param primaryKey in {@code to_jsonb} form */
    Planned(Target target, String key, ObjectNode primaryKey, Change change, Partition partition, long offset) {
        this.target = target;
        this.key = key;
        this.primaryKey = primaryKey;
        this.newest = change;
        this.oldestCommitMicros = change.committedAtMicros();
        this.partition = partition;
        this.offset = offset;
    }

    /** Takes in another change of the same entry; the newest version decides what the entry becomes. */
    void add(Change change, Partition at, long atOffset) {
        if (change.version().isNewerThan(newest.version())) {
            newest = change;
        }
        oldestCommitMicros = Math.min(oldestCommitMicros, change.committedAtMicros());
        changes++;
        if (at.equals(partition)) {
            offset = Math.min(offset, atOffset);
            return;
        }
        // One row's changes share a partition, unless somebody gave the topic more partitions.
        if (otherOffsets == null) {
            otherOffsets = new HashMap<>();
        }
        otherOffsets.merge(at, atOffset, Math::min);
    }

    /** The entry's effect is missing: what it waits for may not be committed. */
    void leaveUnfinished(Watermarks marks) {
        marks.unfinished(partition, offset);
        if (otherOffsets != null) {
            otherOffsets.forEach(marks::unfinished);
        }
    }

    /** Leaves it to the database what the entry is; the records wait for that. */
    void suspect(Map<String, Suspect> suspects) {
        suspects.put(key, new Suspect(target, key, primaryKey, partition, offset));
    }

    Target target() {
        return target;
    }

    String key() {
        return key;
    }

    ObjectNode primaryKey() {
        return primaryKey;
    }

    Change newest() {
        return newest;
    }

    /** Commit time of the oldest change it stands for, in microseconds since 1970-01-01 UTC. */
    long oldestCommitMicros() {
        return oldestCommitMicros;
    }

    /** How many changes it stands for. */
    int changes() {
        return changes;
    }

    EntryWrite write(@Nullable Long horizon, byte @Nullable [] document) {
        return EntryWrite.of(
                key,
                newest.version(),
                newest.committedAtMicros(),
                horizon,
                document,
                target.cache().format());
    }
}
