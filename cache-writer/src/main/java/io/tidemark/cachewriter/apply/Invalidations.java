package io.tidemark.cachewriter.apply;

import io.tidemark.cachewriter.entries.EntriesException;
import io.tidemark.cachewriter.stats.WriterStats;
import io.tidemark.cachewriter.tags.TagRules;
import io.tidemark.cachewriter.tags.TagStore;
import io.tidemark.core.change.Change;
import io.tidemark.core.change.TableId;
import io.tidemark.core.change.Version;
import io.tidemark.core.pipeline.TagTemplate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
 * Makes stale in Redis what the changes of a batch say, each tag once. One thread owns it.
 *
 * <p>Rows are remembered after their tags are stale, never before: a batch that comes again because it was not finished finds
 * what it found the first time, and makes the same tags stale.
 */
final class Invalidations {
    private static final Logger LOG = LoggerFactory.getLogger(Invalidations.class);
    private static final long FORGET_DELETED_MILLIS = TimeUnit.HOURS.toMillis(24);
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;

    private final TagStore store;
    private final WriterStats stats;
    private final long patienceNanos;
    private List<Planned> planned = new ArrayList<>();
    private Set<TableId> emptied = new LinkedHashSet<>();
    private boolean troubled;

    /** A change of one row, or of everything when there is none; and the record that waits for its effect. */
    private record Planned(
            TagRules rules,
            @Nullable Change change,
            @Nullable String row,
            Partition partition,
            long offset) {}

    /** @param patienceMillis how long to try again before the records are left unfinished */
    Invalidations(TagStore store, WriterStats stats, long patienceMillis) {
        this.store = store;
        this.stats = stats;
        this.patienceNanos = TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    }

    /** Plans a change of one row. Changes of one row come in their order. */
    void add(TagRules rules, Change change, Incoming record) {
        String row = rules.remembers() ? rules.rowKey(change) : null;
        planned.add(new Planned(rules, change, row, record.partition(), record.offset()));
    }

    /** Plans a change of which nothing is known but its table. */
    void addUnknown(TagRules rules, Incoming record) {
        planned.add(new Planned(rules, null, null, record.partition(), record.offset()));
    }

    /** Plans that a table was emptied. */
    void addTruncate(TagRules rules, TableId table, Incoming record) {
        addUnknown(rules, record);
        emptied.add(table);
    }

    /**
     * Does what was planned, trying again what failed.
     *
     * @param marks learns when it could not be done
     */
    void settle(Watermarks marks) {
        if (planned.isEmpty()) {
            return;
        }
        long deadline = System.nanoTime() + patienceNanos;
        for (long pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
            try {
                attempt();
                recovered();
                break;
            } catch (EntriesException redisAway) {
                stats.redisFailed();
                said(redisAway);
                if (System.nanoTime() >= deadline || !Writing.sleep(pause)) {
                    planned.forEach(one -> marks.unfinished(one.partition(), one.offset()));
                    break;
                }
            }
        }
        planned = new ArrayList<>();
        emptied = new LinkedHashSet<>();
    }

    private void attempt() {
        Map<String, @Nullable String> memory = recall();
        Map<String, TagStore.Memory> remember = new LinkedHashMap<>();
        Set<String> tags = new HashSet<>();
        Set<TagTemplate> possible = new LinkedHashSet<>();
        for (Planned one : planned) {
            TagRules.Verdict verdict = verdict(one, memory);
            tags.addAll(verdict.tags());
            possible.addAll(verdict.possible());
            String text = verdict.remember();
            Change change = one.change();
            String row = one.row();
            if (text != null && change != null && row != null) {
                memory.put(row, text);
                Version version = change.version();
                TagStore.Memory before = remember.get(row);
                if (before == null || !before.version().isNewerThan(version)) {
                    long ttl = change.operation().leavesRow() ? 0 : FORGET_DELETED_MILLIS;
                    remember.put(row, new TagStore.Memory(row, version, ttl, text));
                }
            }
        }
        possible.forEach(template -> store.carried(
                template.prefix(),
                found -> found.stream().filter(template::matches).forEach(tags::add)));
        store.bump(tags);
        emptied.forEach(table -> store.forgetRows(table.toString()));
        store.remember(List.copyOf(remember.values()));
        stats.bumped(tags.size(), possible.size());
    }

    private static TagRules.Verdict verdict(Planned one, Map<String, @Nullable String> memory) {
        Change change = one.change();
        if (change == null) {
            return one.rules().everything();
        }
        try {
            return one.rules().of(change, one.row() == null ? null : memory.get(one.row()));
        } catch (RuntimeException unforeseen) {
            LOG.error("BUG: the tags of a change of {} cannot be told; every one is stale", change.table(), unforeseen);
            return one.rules().everything();
        }
    }

    private Map<String, @Nullable String> recall() {
        Set<String> rows = new LinkedHashSet<>();
        for (Planned one : planned) {
            if (one.row() != null) {
                rows.add(one.row());
            }
        }
        List<String> keys = List.copyOf(rows);
        List<@Nullable String> texts = store.recall(keys);
        Map<String, @Nullable String> memory = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            memory.put(keys.get(i), texts.get(i));
        }
        return memory;
    }

    private void said(EntriesException redisAway) {
        if (!troubled) {
            troubled = true;
            LOG.warn("tags cannot be made stale in Redis; changes wait in Kafka: {}", redisAway.getMessage());
        }
    }

    private void recovered() {
        if (troubled) {
            troubled = false;
            LOG.info("tags can be made stale again");
        }
    }
}
