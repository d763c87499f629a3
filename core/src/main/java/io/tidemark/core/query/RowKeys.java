package io.tidemark.core.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys that a row has by its own columns: one for each member of the JSON objects among them. */
final class RowKeys {
    private RowKeys() {}

    /** None when a column is null. */
    static Set<List<String>> of(List<String> columns, ObjectNode row) {
        List<Map<String, String>> bindings = new ArrayList<>();
        bindings.add(new LinkedHashMap<>());
        for (String column : columns) {
            String object = Questions.objectOf(column);
            if (!object.equals(column)
                    && !bindings.isEmpty()
                    && !bindings.get(0).containsKey(object + Questions.KEY)) {
                bindings = withMembers(bindings, object, row.get(object));
            }
        }
        Set<List<String>> keys = new LinkedHashSet<>();
        for (Map<String, String> members : bindings) {
            List<String> key = new ArrayList<>();
            for (String column : columns) {
                String text = Questions.objectOf(column).equals(column) ? textOf(row.get(column)) : members.get(column);
                if (text != null) {
                    key.add(text);
                }
            }
            if (key.size() == columns.size()) {
                keys.add(List.copyOf(key));
            }
        }
        return keys;
    }

    private static List<Map<String, String>> withMembers(
            List<Map<String, String>> bindings, String object, @Nullable JsonNode value) {
        List<Map<String, String>> more = new ArrayList<>();
        if (value instanceof ObjectNode members) {
            members.properties().forEach(member -> {
                for (Map<String, String> binding : bindings) {
                    Map<String, String> one = new LinkedHashMap<>(binding);
                    one.put(object + Questions.KEY, member.getKey());
                    String text = textOf(member.getValue());
                    if (text != null) {
                        one.put(object + Questions.VALUE, text);
                    }
                    more.add(one);
                }
            });
        }
        return more;
    }

    /** As {@code to_jsonb(value) #>> '{}'} gives it; null for null, for an object and for an array. */
    static @Nullable String textOf(@Nullable JsonNode value) {
        if (value == null || value.isNull() || value.isContainerNode()) {
            return null;
        }
        return value.isBigDecimal() ? value.decimalValue().toPlainString() : value.asText();
    }
}
