package io.tidemark.core.pipeline;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which of a row's columns are in its document. The table's ignored columns are taken into account already. Immutable; two
 * that are equal give the same text.
 */
public sealed interface FieldSelection {

    /** Every column of the row. */
    FieldSelection ALL = new AllBut(Set.of());

    /** Whether the column is in the document. */
    boolean includes(String column);

    /** These columns and no other. */
    record Only(Set<String> columns) implements FieldSelection {
        public Only {
            columns = Collections.unmodifiableSortedSet(new TreeSet<>(columns));
        }

        @Override
        public boolean includes(String column) {
            return columns.contains(column);
        }
    }

    /** Every column but these; a column added later is in the document too. */
    record AllBut(Set<String> columns) implements FieldSelection {
        public AllBut {
            columns = Collections.unmodifiableSortedSet(new TreeSet<>(columns));
        }

        @Override
        public boolean includes(String column) {
            return !columns.contains(column);
        }
    }
}
