package io.tidemark.core.pipeline;

import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.ColumnType;
import io.tidemark.core.postgres.ColumnType.Kind;
import java.util.Optional;
import java.util.Set;

/**
 * Which types a key can be made of: those whose values are equal exactly when their texts are. PostgreSQL takes 1.0 and
 * 1.00 for the same primary key, but as texts they are two keys.
 */
final class KeyTypes {
    private static final Set<String> PLAIN = Set.of(
            "int2",
            "int4",
            "int8",
            "oid",
            "bool",
            "uuid",
            "text",
            "varchar",
            "name",
            "date",
            "timestamp",
            "timestamptz");

    private KeyTypes() {}

    /** Why the column cannot stand in a key; empty when it can. */
    static Optional<String> objection(Column column) {
        ColumnType type = column.type();
        if (type.kind() == Kind.ENUM) {
            return Optional.empty();
        }
        if (type.kind() != Kind.BASE || !type.isBuiltIn()) {
            return Optional.of("its equal values may have different texts");
        }
        return switch (type.name()) {
            case "numeric" ->
                type.modifier() >= 0
                        ? Optional.empty()
                        : Optional.of("without a scale, 1.0 and 1.00 are one value with two texts;"
                                + " give it one, like numeric(20,0), or use bigint");
            case "bpchar" ->
                type.modifier() >= 0
                        ? Optional.empty()
                        : Optional.of("without a length, values that differ in blanks at the end are equal; use text");
            case "float4", "float8" -> Optional.of("0 and -0 are one value with two texts; use numeric(p,s) or bigint");
            default ->
                PLAIN.contains(type.name())
                        ? Optional.empty()
                        : Optional.of(
                                "known are whole numbers, numeric(p,s), text, varchar, char(n), boolean, uuid, date,"
                                        + " timestamps and enums");
        };
    }
}
