package io.tidemark.positions.feed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;

/** JSON that PostgreSQL's jsonb takes: without the character of code 0, and without numbers beyond its numeric. */
final class StorableJson {
    private static final int MOST_DIGITS = 1_000;

    private StorableJson() {}

    static JsonNode of(JsonNode node) {
        if (node.isObject()) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(field -> object.set(withoutNul(field.getKey()), of(field.getValue())));
            return object;
        }
        if (node.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode(node.size());
            node.forEach(element -> array.add(of(element)));
            return array;
        }
        if (node.isTextual()) {
            return TextNode.valueOf(withoutNul(node.textValue()));
        }
        return node.isNumber() && !isStorable(node.decimalValue()) ? NullNode.getInstance() : node;
    }

    private static boolean isStorable(BigDecimal number) {
        return Math.abs((long) number.scale()) < MOST_DIGITS && number.precision() < MOST_DIGITS;
    }

    private static String withoutNul(String text) {
        return text.replace("\0", "");
    }
}
