package io.tidemark.core.change;

/** A table by its schema and name, as PostgreSQL's catalog spells them, unquoted. */
public record TableId(String schema, String table) implements Comparable<TableId> {

    public TableId {
        if (schema.isEmpty() || table.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected a schema and a table, found \"" + schema + "\".\"" + table + "\"");
        }
    }

    /**
     * Reads {@code schema.table}; a name without a schema is one of {@code public}.
     *
     * @throws IllegalArgumentException when either part is empty
     */
    public static TableId parse(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? new TableId("public", name) : new TableId(name.substring(0, dot), name.substring(dot + 1));
    }

    /** The name for an SQL statement, quoted. */
    public String quoted() {
        return quote(schema) + "." + quote(table);
    }

    /** Any identifier for an SQL statement, quoted. */
    public static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    @Override
    public int compareTo(TableId other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return schema + "." + table;
    }
}
