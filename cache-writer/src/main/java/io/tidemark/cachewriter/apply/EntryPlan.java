package io.tidemark.cachewriter.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.cachewriter.table.Target;
import io.tidemark.core.change.Change;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a portion of a batch does to entries, one line for each: many changes of one entry become one write, the newest.
 * Not thread-safe.
 */
final class EntryPlan {
    private final int mostEntries;
    private final long mostBytes;
    private Map<String, Planned> entries = new LinkedHashMap<>();
    private long bytes;

    /**
     * @param mostEntries with how many entries it is full
     * @param mostBytes with how many bytes of records it is full
     */
    EntryPlan(int mostEntries, long mostBytes) {
        this.mostEntries = mostEntries;
        this.mostBytes = mostBytes;
    }

    /** Plans a change of an entry. */
    void add(Target target, String key, ObjectNode primaryKey, Change change, Incoming record) {
        Planned planned = entries.get(key);
        if (planned == null) {
            entries.put(key, new Planned(target, key, primaryKey, change, record.partition(), record.offset()));
        } else {
            planned.add(change, record.partition(), record.offset());
        }
        bytes += record.size();
    }

    boolean isFull() {
        return entries.size() >= mostEntries || bytes >= mostBytes;
    }

    /** What was planned, in the order in which entries were first touched; the plan is empty again. */
    List<Planned> take() {
        List<Planned> taken = new ArrayList<>(entries.values());
        entries = new LinkedHashMap<>();
        bytes = 0;
        return taken;
    }
}
