package io.tidemark.core.pipeline;

import java.util.Set;

/**
 * What a change of each column of a table means. A column that is named nowhere is ordinary.
 *
 * @param critical columns whose change touches every entry of the table
 * @param ignored columns whose change touches nothing, and which are part of no document
 */
public record ColumnRules(Set<String> critical, Set<String> ignored) {

    /** Every column ordinary. */
    public static final ColumnRules NONE = new ColumnRules(Set.of(), Set.of());

    /** What a change of a column means. */
    public enum Weight {
        CRITICAL,
        ORDINARY,
        IGNORED
    }

    public ColumnRules {
        critical = Set.copyOf(critical);
        ignored = Set.copyOf(ignored);
        for (String column : critical) {
            if (ignored.contains(column)) {
                throw new IllegalArgumentException("column " + column + " is both critical and ignored");
            }
        }
    }

    /** What a change of this column means. */
    public Weight weightOf(String column) {
        if (critical.contains(column)) {
            return Weight.CRITICAL;
        }
        return ignored.contains(column) ? Weight.IGNORED : Weight.ORDINARY;
    }
}
