package io.tidemark.core.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.Operation;
import io.tidemark.core.change.TableId;
import io.tidemark.core.contract.EntryKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a change of one row would do by a pipeline file, worked out without a server: for people who want to see it before it
 * happens. Immutable.
 *
 * @param writes one for each entry that the row has
 * @param tags made stale
 * @param changed the columns that count as changed
 */
public record RowPlan(List<Write> writes, SortedSet<String> tags, SortedSet<String> changed) {

    /**
     * One entry.
     *
     * @param call the function of the contract that is called
     * @param format how Redis holds its document, for people; empty when it is removed
     * @param fields the columns of its document, of a hash those that are not null; empty when it is removed
     */
    public record Write(String cache, String key, String metaKey, String call, String format, List<String> fields) {}

    /**
     * Works it out.
     *
     * @param before the row before; null when there was none or it is not known, and then every column counts as changed
     * @param row the row after; before a delete, the row that is deleted
     * @throws IllegalArgumentException when a key or a tag needs a column that the row has not
     */
    public static RowPlan of(
            Pipeline pipeline, TableId table, Operation operation, @Nullable ObjectNode before, ObjectNode row) {
        SortedSet<String> changed = changed(operation, before, row);
        List<Write> writes = new ArrayList<>();
        for (Cache cache : pipeline.cachesOf(table)) {
            String key = cache.key().render(row);
            String old = before == null ? key : cache.key().render(before);
            if (!old.equals(key)) {
                writes.add(new Write(cache.name(), old, EntryKey.metaOf(old), "tm_evict", "", List.of()));
            }
            boolean leaves = operation.leavesRow();
            writes.add(new Write(
                    cache.name(),
                    key,
                    EntryKey.metaOf(key),
                    leaves ? "tm_put" : "tm_evict",
                    leaves ? cache.format().text() : "",
                    leaves ? fields(cache, row) : List.of()));
        }
        SortedSet<String> tags = new TreeSet<>();
        for (InvalidationRule rule : pipeline.invalidationsOf(table)) {
            boolean touched = operation != Operation.UPDATE
                    || changed.stream().anyMatch(column -> rule.isTouchedBy(column, pipeline.rulesOf(table)));
            if (rule.on().contains(operation) && touched) {
                addTags(rule, row, tags);
                if (before != null) {
                    addTags(rule, before, tags);
                }
            }
        }
        return new RowPlan(writes, tags, changed);
    }

    private static void addTags(InvalidationRule rule, ObjectNode row, Set<String> tags) {
        for (Map.Entry<String, Set<String>> condition : rule.conditions().entrySet()) {
            JsonNode value = row.get(condition.getKey());
            if (value == null || value.isNull() || !condition.getValue().contains(value.asText())) {
                return;
            }
        }
        rule.tags().stream()
                .map(tag -> tag.render(row))
                .flatMap(Optional::stream)
                .forEach(tags::add);
    }

    private static SortedSet<String> changed(Operation operation, @Nullable ObjectNode before, ObjectNode row) {
        SortedSet<String> changed = new TreeSet<>();
        Set<String> names = new LinkedHashSet<>();
        row.fieldNames().forEachRemaining(names::add);
        if (before != null) {
            before.fieldNames().forEachRemaining(names::add);
        }
        for (String name : names) {
            JsonNode old = before == null ? null : before.get(name);
            if (operation != Operation.UPDATE || old == null || !old.equals(row.get(name))) {
                changed.add(name);
            }
        }
        return changed;
    }

    private static List<String> fields(Cache cache, ObjectNode row) {
        List<String> fields = new ArrayList<>();
        row.fieldNames().forEachRemaining(name -> {
            boolean isField = !cache.format().isHash() || !row.get(name).isNull();
            if (cache.fields().includes(name) && isField) {
                fields.add(name);
            }
        });
        return fields;
    }
}
