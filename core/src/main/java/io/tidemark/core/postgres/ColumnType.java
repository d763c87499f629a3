package io.tidemark.core.postgres;

import org.jspecify.annotations.Nullable;

/**
 * What a column's values look like once its domains are taken off.
 *
 * @param schema where the type is, {@code pg_catalog} for the built-in ones
 * @param name the catalog's name for it, {@code int4}, {@code bpchar}, {@code _text}
 * @param kind how it is made
 * @param modifier the type modifier in force, its own or that of the domain that sets it; -1 for none
 * @param element an array's element type or a range's bound type, which may be a domain; null for every other kind
 */
public record ColumnType(
        String schema,
        String name,
        Kind kind,
        int modifier,
        @Nullable ColumnType element) {

    /** How a type is made. */
    public enum Kind {
        BASE('b'),
        ARRAY('a'),
        ENUM('e'),
        COMPOSITE('c'),
        RANGE('r'),
        MULTIRANGE('m'),
        /** Only as the element of an array or a range: a column's own domains are taken off. */
        DOMAIN('d');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        /** By the letter of pg_type.typtype, or {@code a} for an array. */
        static Kind ofLetter(String letter) {
            for (Kind kind : values()) {
                if (letter.length() == 1 && letter.charAt(0) == kind.letter) {
                    return kind;
                }
            }
            return BASE;
        }
    }

    /** Whether PostgreSQL brings the type itself, so that its name says all. */
    public boolean isBuiltIn() {
        return schema.equals("pg_catalog");
    }
}
