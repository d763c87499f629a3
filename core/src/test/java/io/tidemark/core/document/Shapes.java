package io.tidemark.core.document;

import io.tidemark.core.change.Change;
import io.tidemark.core.change.EnvelopeReader;
import io.tidemark.core.change.TableId;
import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.ColumnType;
import io.tidemark.core.postgres.ColumnType.Kind;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.core.postgres.TableShape.ReplicaIdentity;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Shapes and changes for tests, written shortly. */
final class Shapes {
    private static final EnvelopeReader READER = new EnvelopeReader();
    private static final Set<String> TOASTABLE =
            Set.of("text", "varchar", "bpchar", "numeric", "bytea", "json", "jsonb", "xml", "tsvector", "varbit");

    private Shapes() {}

    /** A table with these columns, the first of them its primary key. */
    static TableShape table(Column... columns) {
        return table(List.of(columns[0].name()), columns);
    }

    static TableShape table(List<String> primaryKey, Column... columns) {
        return new TableShape(
                new TableId("public", "t"),
                Arrays.asList(columns),
                primaryKey,
                ReplicaIdentity.DEFAULT,
                false,
                "fingerprint");
    }

    /**
     * A column by the catalog's name of its type: {@code int4}, {@code numeric(5,-2)}, {@code text[]}; {@code enum},
     * {@code composite} and {@code extension.citext} stand for types that are not built in, and {@code domain/int4[]}
     * for a domain.
     */
    static Column column(String name, String type) {
        boolean domain = type.startsWith("domain/");
        ColumnType columnType = type(domain ? type.substring("domain/".length()) : type);
        boolean toastable = columnType.kind() != Kind.BASE && columnType.kind() != Kind.ENUM
                || TOASTABLE.contains(columnType.name());
        return new Column(name, type, columnType, false, false, toastable, domain);
    }

    static Column generated(Column column) {
        return new Column(column.name(), column.declaredType(), column.type(), false, true, column.toastable());
    }

    private static ColumnType type(String type) {
        if (type.endsWith("[]")) {
            ColumnType element = type(type.substring(0, type.length() - 2));
            return new ColumnType(element.schema(), "_" + element.name(), Kind.ARRAY, -1, element);
        }
        if (type.startsWith("numeric(")) {
            String[] parts =
                    type.substring("numeric(".length(), type.length() - 1).split(",");
            int modifier = (Integer.parseInt(parts[0]) << 16 | Integer.parseInt(parts[1]) & 0x7FF) + 4;
            return new ColumnType("pg_catalog", "numeric", Kind.BASE, modifier, null);
        }
        if (type.startsWith("extension.")) {
            return new ColumnType("public", type.substring("extension.".length()), Kind.BASE, -1, null);
        }
        if (type.endsWith("multirange")) {
            return new ColumnType("pg_catalog", type, Kind.MULTIRANGE, -1, null);
        }
        if (type.endsWith("range")) {
            return new ColumnType("pg_catalog", type, Kind.RANGE, -1, null);
        }
        return switch (type) {
            case "enum" -> new ColumnType("public", "mood", Kind.ENUM, -1, null);
            case "composite" -> new ColumnType("public", "pair", Kind.COMPOSITE, -1, null);
            case "posint" -> new ColumnType("public", "posint", Kind.DOMAIN, -1, null);
            default -> new ColumnType("pg_catalog", type, Kind.BASE, -1, null);
        };
    }

    /** An update, streamed at LSN 200 in a transaction committed at 300. */
    static Change update(String key, String after) {
        return change("u", key, after);
    }

    static Change change(String operation, String key, String after) {
        String envelope = "{\"before\":null,\"after\":" + after + ",\"op\":\"" + operation + "\",\"source\":"
                + "{\"schema\":\"public\",\"table\":\"t\",\"ts_us\":1,\"sequence\":\"[\\\"300\\\",\\\"200\\\"]\"}}";
        return READER.read(
                key.getBytes(StandardCharsets.UTF_8), envelope.getBytes(StandardCharsets.UTF_8), header -> null);
    }
}
