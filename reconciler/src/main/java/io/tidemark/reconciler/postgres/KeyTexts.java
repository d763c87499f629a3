package io.tidemark.reconciler.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.postgres.Column;
import io.tidemark.core.postgres.TableShape;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns the texts in a Redis key back into a primary key as {@code to_jsonb} has it. */
final class KeyTexts {
    private static final JsonNodeFactory JSON = JsonNodeFactory.withExactBigDecimals(true);

    private KeyTexts() {}

    /** Empty when a text is not how PostgreSQL writes any value of its column. */
    static Optional<ObjectNode> key(TableShape shape, Map<String, String> texts) {
        ObjectNode key = JSON.objectNode();
        for (Column column : shape.keyColumns()) {
            String text = texts.get(column.name());
            JsonNode value = text == null ? null : value(column, text);
            if (value == null) {
                return Optional.empty();
            }
            key.set(column.name(), value);
        }
        return Optional.of(key);
    }

    private static @Nullable JsonNode value(Column column, String text) {
        return switch (column.type().name()) {
            case "int2" -> number(text, Short.MIN_VALUE, Short.MAX_VALUE);
            case "int4" -> number(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "oid" -> number(text, 0, 0xFFFF_FFFFL);
            case "int8" -> number(text, Long.MIN_VALUE, Long.MAX_VALUE);
            case "numeric" ->
                text.matches("-?\\d{1,1000}(\\.\\d{1,1000})?") ? JSON.numberNode(new BigDecimal(text)) : null;
            case "bool" -> text.equals("true") || text.equals("false") ? JSON.booleanNode(text.equals("true")) : null;
            case "uuid" -> text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}") ? JSON.textNode(text) : null;
            default -> text.indexOf('\0') >= 0 ? null : JSON.textNode(text);
        };
    }

    private static @Nullable JsonNode number(String text, long from, long to) {
        try {
            long value = Long.parseLong(text);
            boolean asWritten = Long.toString(value).equals(text);
            return asWritten && value >= from && value <= to ? JSON.numberNode(value) : null;
        } catch (NumberFormatException none) {
            return null;
        }
    }
}
