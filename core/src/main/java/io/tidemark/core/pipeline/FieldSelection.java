package io.tidemark.core.pipeline;

import java.util.Set;

/**
 * Which of a row's columns are in its document. The table's ignored columns are taken into account already. Immutable.
 */
public sealed interface FieldSelection {

    /** Every column of the row. */
    FieldSelection ALL = new AllBut(Set.of());

    /** Whether the column is in the document. */
    boolean includes(String column);

    /** These columns and no other. */
    record Only(Set<String> columns) implements FieldSelection {
        public Only {
            columns = Set.copyOf(columns);
        }

        @Override
        public boolean includes(String column) {
            return columns.contains(column);
        }
    }

    /** Every column but these; a column added later is in the document too. */
    record AllBut(Set<String> columns) implements FieldSelection {
        public AllBut {
            columns = Set.copyOf(columns);
        }

        @Override
        public boolean includes(String column) {
            return !columns.contains(column);
        }
    }
}
