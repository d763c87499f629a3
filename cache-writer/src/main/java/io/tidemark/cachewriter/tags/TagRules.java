package io.tidemark.cachewriter.tags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.change.Change;
import io.tidemark.core.change.Operation;
import io.tidemark.core.document.DocumentOutcome;
import io.tidemark.core.document.RowDocuments;
import io.tidemark.core.pipeline.ColumnRules;
import io.tidemark.core.pipeline.InvalidationRule;
import io.tidemark.core.pipeline.KeyTemplate;
import io.tidemark.core.pipeline.TagTemplate;
import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.ExactJson;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.core.postgres.TableShape.ReplicaIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which tags a change of a table makes stale. Pure and immutable.
 *
 * <p>What a row was before its change comes from the change itself, where the table's replica identity is the full row, or
 * from what was remembered of it. Where neither is there, every tag that the row could have had is stale.
 */
public final class TagRules {
    private static final ObjectReader JSON = ExactJson.reader();

    private final TableShape shape;
    private final List<InvalidationRule> rules;
    private final List<Set<String>> touching;
    private final List<Column> watched;
    private final RowDocuments needed;
    private final RowDocuments key;
    private final KeyTemplate rowKey;
    private final boolean remembers;
    private final String form;

    /**
     * @param rules at least one
     * @param columns what the file says of the table's columns
     */
    public TagRules(TableShape shape, List<InvalidationRule> rules, ColumnRules columns) {
        this.shape = shape;
        this.rules = List.copyOf(rules);
        Set<String> names = shape.columns().stream().map(Column::name).collect(Collectors.toCollection(TreeSet::new));
        this.touching = rules.stream()
                .map(rule -> names.stream()
                        .filter(column -> rule.isTouchedBy(column, columns))
                        .collect(Collectors.toSet()))
                .toList();
        Set<String> primaryKey = new HashSet<>(shape.primaryKey());
        boolean everyUpdateCounts = touching.stream().allMatch(touch -> touch.containsAll(names));
        boolean tagsAreOfTheKey = rules.stream().allMatch(rule -> primaryKey.containsAll(rule.neededColumns()));
        this.remembers = shape.replicaIdentity() != ReplicaIdentity.FULL && !(everyUpdateCounts && tagsAreOfTheKey);
        this.watched = everyUpdateCounts
                ? List.of()
                : shape.columns().stream()
                        .filter(column -> touching.stream().anyMatch(touch -> touch.contains(column.name())))
                        .toList();
        Set<String> columnsNeeded =
                rules.stream().flatMap(rule -> rule.neededColumns().stream()).collect(Collectors.toSet());
        this.needed = new RowDocuments(shape, columnsNeeded::contains);
        this.key = new RowDocuments(shape, column -> false);
        this.rowKey = KeyTemplate.parse(rowKeyTemplate(shape));
        this.form = formOf(rules, watched);
    }

    private static String rowKeyTemplate(TableShape shape) {
        String table = shape.table().toString().replaceAll("[{}\\s]", "_");
        return "row:" + table + ":"
                + shape.primaryKey().stream().map(name -> "{" + name + "}").collect(Collectors.joining(":"));
    }

    /** The key in Redis under which a table's rows are remembered begins so. */
    public static String rowKeyPrefix(String table) {
        return "tm.row:{" + table.replaceAll("[{}\\s]", "_") + ":";
    }

    /** Whether rows have to be remembered. */
    public boolean remembers() {
        return remembers;
    }

    /**
     * The key in Redis under which the change's row is remembered.
     *
     * @throws io.tidemark.core.change.UnreadableChangeException when the change's key is not one of this table
     */
    public String rowKey(Change change) {
        return "tm.row:{" + rowKey.render(key.keyOf(change)).substring("row:".length()) + "}";
    }

    /**
     * What a change makes stale.
     *
     * @param tags these
     * @param possible every tag of these templates
     * @param remember what is to be remembered of the row from now on; null for nothing
     */
    public record Verdict(
            Set<String> tags,
            Set<TagTemplate> possible,
            @Nullable String remember) {
        public Verdict {
            tags = Set.copyOf(tags);
            possible = Set.copyOf(possible);
        }
    }

    /** What a TRUNCATE makes stale, or a change of which nothing is known: every tag that a row could have. */
    public Verdict everything() {
        Set<String> tags = new HashSet<>();
        Set<TagTemplate> possible = new HashSet<>();
        rules.forEach(rule -> rule.tags().forEach(tag -> addPossible(tag, null, tags, possible)));
        return new Verdict(tags, possible, null);
    }

    /**
     * What a change of one row makes stale.
     *
     * @param remembered what is remembered of the row; null for nothing
     */
    public Verdict of(Change change, @Nullable String remembered) {
        RowSide before = before(change, remembered);
        RowSide after = after(change, before);
        Set<String> tags = new HashSet<>();
        Set<TagTemplate> possible = new HashSet<>();
        ObjectNode primaryKey = key.keyOf(change);
        for (int i = 0; i < rules.size(); i++) {
            InvalidationRule rule = rules.get(i);
            if (!rule.on().contains(change.operation()) || !isTouched(i, change, before, after)) {
                continue;
            }
            for (RowSide side : List.of(before, after)) {
                if (side.isKnown()) {
                    tags.addAll(side.tagsOf(i));
                } else {
                    rule.tags().forEach(tag -> addPossible(tag, primaryKey, tags, possible));
                }
            }
        }
        RowSide last = after.isKnown() && !after.isNone() ? after : before;
        return new Verdict(
                tags, possible, remembers && last.isKnown() && !last.isNone() ? last.text(form, watched) : null);
    }

    /** Whether a change's row has a tag after it; of a row that is gone or not known, whether it could have had it. */
    public boolean mayCarry(Change change, String tag) {
        RowSide after = after(change, RowSide.UNKNOWN);
        boolean isKnown = after.isKnown() && !after.isNone();
        for (int i = 0; i < rules.size(); i++) {
            if (isKnown
                    ? after.tagsOf(i).contains(tag)
                    : rules.get(i).tags().stream().anyMatch(template -> template.matches(tag))) {
                return true;
            }
        }
        return false;
    }

    private boolean isTouched(int rule, Change change, RowSide before, RowSide after) {
        boolean both = before.isKnown() && after.isKnown() && !before.isNone() && !after.isNone();
        if (!both || (change.operation() != Operation.UPDATE && change.operation() != Operation.READ)) {
            return true;
        }
        return !before.tagsOf(rule).equals(after.tagsOf(rule))
                || touching.get(rule).size() == shape.columns().size()
                || before.differsIn(after, touching.get(rule));
    }

    private RowSide before(Change change, @Nullable String remembered) {
        ObjectNode image = change.before();
        if (shape.replicaIdentity() == ReplicaIdentity.FULL
                && image != null
                && change.operation() != Operation.CREATE) {
            return side(change, image, RowSide.NONE);
        }
        if (remembered != null) {
            return RowSide.parse(remembered, form, watched, rules.size());
        }
        boolean isNew = change.operation() == Operation.CREATE || change.operation() == Operation.READ;
        // A snapshot begins behind a TRUNCATE, which has made every tag of before stale.
        return isNew ? RowSide.NONE : RowSide.UNKNOWN;
    }

    private RowSide after(Change change, RowSide before) {
        if (!change.operation().leavesRow()) {
            return RowSide.NONE;
        }
        ObjectNode image = change.after();
        return image == null || change.valueLeftOut() ? RowSide.UNKNOWN : side(change, image, before);
    }

    /** One side of a change; unknown where its tags cannot be told from what the change carries. */
    private RowSide side(Change change, ObjectNode image, RowSide before) {
        Change asLeft = new Change(
                change.table(),
                Operation.UPDATE,
                change.version(),
                change.committedAtMicros(),
                change.key(),
                null,
                image,
                false,
                false);
        if (!(needed.of(asLeft) instanceof DocumentOutcome.Exact exact)) {
            return RowSide.UNKNOWN;
        }
        ObjectNode row = read(exact.json());
        List<Set<String>> tags = new ArrayList<>();
        for (InvalidationRule rule : rules) {
            Set<String> ofRule = new TreeSet<>();
            if (holds(rule, row)) {
                rule.tags().forEach(tag -> tag.render(row).ifPresent(ofRule::add));
            }
            tags.add(ofRule);
        }
        return RowSide.of(image, watched, before, tags);
    }

    private static boolean holds(InvalidationRule rule, ObjectNode row) {
        for (Map.Entry<String, Set<String>> condition : rule.conditions().entrySet()) {
            JsonNode value = row.get(condition.getKey());
            if (value == null || value.isNull() || !condition.getValue().contains(value.asText())) {
                return false;
            }
        }
        return true;
    }

    /** A tag of the primary key alone is known when the row is not. */
    private void addPossible(
            TagTemplate tag, @Nullable ObjectNode primaryKey, Set<String> tags, Set<TagTemplate> possible) {
        if (tag.columns().isEmpty()) {
            tags.add(tag.toString().replace("{{", "{").replace("}}", "}"));
        } else if (primaryKey != null && shape.primaryKey().containsAll(tag.columns())) {
            tag.render(primaryKey).ifPresent(tags::add);
        } else {
            possible.add(tag);
        }
    }

    private static ObjectNode read(byte[] json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException("BUG: a document that was just made cannot be read", e);
        }
    }

    /** Changes with the rules and the columns, so that what other ones made is not taken for what these need. */
    private static String formOf(List<InvalidationRule> rules, List<Column> watched) {
        StringBuilder text = new StringBuilder();
        rules.forEach(rule -> {
            text.append(rule.tags()).append(rule.when());
            new TreeMap<>(rule.conditions())
                    .forEach((column, values) -> text.append(column).append(new TreeSet<>(values)));
        });
        watched.forEach(column -> text.append(column.name()).append(':').append(column.declaredType()));
        return Integer.toHexString(text.toString().hashCode());
    }
}
