package io.tidemark.core.postgres;

/**
 * A column of a table, as the catalog has it.
 *
 * @param name its name, unquoted
 * @param declaredType its type as SQL spells it, with its modifier and its schema where that is needed
 * @param type its type without domains
 * @param notNull whether it never holds null
 * @param generated whether PostgreSQL computes it from other columns
 * @param toastable whether a large value may be stored outside the row, so that a change of other columns does not
 *     carry it
 * @param domain whether its declared type is a domain over {@code type}
 */
public record Column(
        String name,
        String declaredType,
        ColumnType type,
        boolean notNull,
        boolean generated,
        boolean toastable,
        boolean domain) {

    /** A column whose declared type is no domain. */
    public Column(
            String name, String declaredType, ColumnType type, boolean notNull, boolean generated, boolean toastable) {
        this(name, declaredType, type, notNull, generated, toastable, false);
    }
}
