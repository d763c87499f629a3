package io.tidemark.core.postgres;

import org.jspecify.annotations.Nullable;

/**
 * What a column's values look like once its domains are taken off.
 *
 * @param schema where the type is, {@code pg_catalog} for the built-in ones
 * @param name the catalog's name for it, {@code int4}, {@code bpchar}, {@code _text}
 * @param kind how it is made
 * @param modifier the type modifier in force, its own or that of the domain that sets it; -1 for none
 * @param element an array's element type or a range's bound type; null for every other kind
 */
public record ColumnType(
        String schema,
        String name,
        Kind kind,
        int modifier,
        @Nullable ColumnType element) {

    /** How a type is made. */
    public enum Kind {
        BASE,
        ARRAY,
        ENUM,
        COMPOSITE,
        RANGE,
        MULTIRANGE
    }

    /** Whether PostgreSQL brings the type itself, so that its name says all. */
    public boolean isBuiltIn() {
        return schema.equals("pg_catalog");
    }
}
