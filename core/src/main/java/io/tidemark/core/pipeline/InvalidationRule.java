package io.tidemark.core.pipeline;

import io.tidemark.core.change.Operation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which tags the changes of a table's rows make stale. Immutable.
 *
 * @param tags rendered from the row as it was before the change and as it is after
 * @param when which columns count when a row is updated; columns that stand in the tags or in the conditions always do
 * @param columns the columns that count, when they are named; none otherwise
 * @param on which operations count; a row read by a snapshot counts as an insert
 * @param conditions for a column the texts that it may have, for the row to count: all must hold
 */
public record InvalidationRule(
        List<TagTemplate> tags,
        When when,
        Set<String> columns,
        Set<Operation> on,
        Map<String, Set<String>> conditions) {

    /** Every operation that a single row can have. */
    public static final Set<Operation> EVERY_OPERATION =
            Set.of(Operation.CREATE, Operation.READ, Operation.UPDATE, Operation.DELETE);

    /** Which columns' changes count. */
    public enum When {
        /** Every column that is not ignored. */
        ANY,
        /** The critical ones. */
        CRITICAL,
        /** Those that the rule names. */
        NAMED
    }

    public InvalidationRule {
        tags = List.copyOf(tags);
        columns = Set.copyOf(columns);
        on = Set.copyOf(on);
        conditions = Map.copyOf(conditions);
        if (tags.isEmpty() || on.isEmpty() || (when == When.NAMED) == columns.isEmpty()) {
            throw new IllegalArgumentException("BUG: a rule without tags or operations, or whose columns do not fit");
        }
    }

    /** Whether an update counts because this column changed. */
    public boolean isTouchedBy(String column, ColumnRules rules) {
        return isNamedInTagsOrConditions(column)
                || switch (when) {
                    case ANY -> rules.weightOf(column) != ColumnRules.Weight.IGNORED;
                    case CRITICAL -> rules.weightOf(column) == ColumnRules.Weight.CRITICAL;
                    case NAMED -> columns.contains(column);
                };
    }

    /** The columns whose values are needed to say which tags a row has. */
    public Set<String> neededColumns() {
        Set<String> needed = new HashSet<>(conditions.keySet());
        tags.forEach(tag -> needed.addAll(tag.columns()));
        return needed;
    }

    private boolean isNamedInTagsOrConditions(String column) {
        return conditions.containsKey(column)
                || tags.stream().anyMatch(tag -> tag.columns().contains(column));
    }

    /** The operations by the names that the file has for them. */
    static Map<String, Set<Operation>> operations() {
        Map<String, Set<Operation>> names = new HashMap<>();
        names.put("insert", Set.of(Operation.CREATE, Operation.READ));
        names.put("update", Set.of(Operation.UPDATE));
        names.put("delete", Set.of(Operation.DELETE));
        return names;
    }
}
