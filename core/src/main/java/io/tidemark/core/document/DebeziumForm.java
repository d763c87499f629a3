package io.tidemark.core.document;

import java.util.Map;

/**
 * The settings of Debezium's PostgreSQL connector that decide in which form a change carries each type. Whoever runs the
 * connector sets exactly these, or documents are not what the rows are.
 */
public final class DebeziumForm {

    private static final Map<String, String> SETTINGS = Map.of(
            "decimal.handling.mode", "string",
            "time.precision.mode", "isostring",
            "binary.handling.mode", "hex",
            "hstore.handling.mode", "json",
            "interval.handling.mode", "string",
            "include.unknown.datatypes", "true");

    private DebeziumForm() {}

    /** The settings by their connector names. */
    public static Map<String, String> settings() {
        return SETTINGS;
    }
}
