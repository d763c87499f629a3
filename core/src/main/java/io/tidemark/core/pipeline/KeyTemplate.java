package io.tidemark.core.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.pipeline.Template.Part;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a row's entry is called: a text in which columns of the primary key stand in braces, {@code product:{id}}.
 * Immutable and thread-safe.
 *
 * <p>No two rows share a key: what could be taken for the template's own text is percent-encoded in values (as UTF-8
 * bytes in two upper-case hexadecimal digits): {@code %}, braces, white space and control characters always, and in a
 * template of several columns the character that ends the column.
 */
public final class KeyTemplate {
    private final Template template;
    private final KeyText[] columnTexts;

    private KeyTemplate(Template template, KeyText[] columnTexts) {
        this.template = template;
        this.columnTexts = columnTexts;
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException when it names no column, names one twice, or lets two columns run into each
     *     other; with the position and what was expected there
     */
    public static KeyTemplate parse(String text) {
        KeyTemplate key = of(text);
        if (key.columns().isEmpty()) {
            throw new IllegalArgumentException(
                    "expected the primary key's columns in braces, like product:{id}; without one, all rows share one key");
        }
        key.requireTextOfItsOwn();
        key.requireUsable();
        return key;
    }

    /**
     * Reads a template of a cache that is read by a query: one without columns is the key of its single entry.
     *
     * @throws IllegalArgumentException as {@link #parse} does
     */
    public static KeyTemplate parseOfQuery(String text) {
        KeyTemplate key = of(text);
        key.requireTextOfItsOwn();
        key.requireUsable();
        return key;
    }

    /**
     * Reads a template of a sorted set's members, which needs no text of its own.
     *
     * @throws IllegalArgumentException as {@link #parse} does
     */
    public static KeyTemplate parseMember(String text) {
        KeyTemplate key = of(text);
        if (key.columns().isEmpty()) {
            throw new IllegalArgumentException(
                    "expected columns in braces, like {id}; without one, all rows are the same member");
        }
        return key;
    }

    private static KeyTemplate of(String text) {
        Template template = Template.parse(text);
        List<Part> parts = template.parts();
        KeyText[] texts = new KeyText[parts.size()];
        int columns = 0;
        for (int i = 0; i < parts.size(); i++) {
            texts[i] = new KeyText(separatorAfter(parts, i));
            columns += parts.get(i).column() == null ? 0 : 1;
        }
        if (columns != template.columns().size()) {
            throw new IllegalArgumentException("a column is named twice; once is enough");
        }
        return new KeyTemplate(template, texts);
    }

    /** So that no value can make a key that is Tidemark's own. */
    private void requireTextOfItsOwn() {
        String beginning =
                template.parts().isEmpty() ? "" : template.parts().get(0).literal();
        if (beginning.isEmpty()
                || couldBecome(beginning, EntryKey.RESERVED)
                || couldBecome(beginning, EntryKey.RESERVED_FOR_TAGS)) {
            throw new IllegalArgumentException("expected it to begin with a text of its own like product:, found "
                    + (beginning.isEmpty()
                            ? "a column"
                            : "\"" + beginning + "\", and keys that begin with " + EntryKey.RESERVED + " or "
                                    + EntryKey.RESERVED_FOR_TAGS + " are Tidemark's own"));
        }
    }

    private static boolean couldBecome(String beginning, String reserved) {
        return beginning.startsWith(reserved) || reserved.startsWith(beginning);
    }

    private void requireUsable() {
        ObjectNode sample = JsonNodeFactory.instance.objectNode();
        columns().forEach(column -> sample.put(column, "x"));
        new EntryKey(render(sample));
    }

    /** The character that ends the column at this place, when another column follows; else null. */
    private static @Nullable Character separatorAfter(List<Part> parts, int at) {
        Part part = parts.get(at);
        boolean another = parts.stream().skip(at + 1L).anyMatch(later -> later.column() != null);
        if (part.column() == null || !another) {
            return null;
        }
        String next = parts.get(at + 1).literal();
        if (next.isEmpty()
                || Character.isLetterOrDigit(next.charAt(0))
                || "%{}".indexOf(next.charAt(0)) >= 0
                || next.charAt(0) > '~') {
            throw new IllegalArgumentException("expected a separator such as : after {" + part.column()
                    + "}, so that it cannot run into the next column");
        }
        return next.charAt(0);
    }

    /** The columns it names, each once, in the order of the template. */
    public List<String> columns() {
        return template.columns();
    }

    /**
     * The key of a row's entry.
     *
     * @param row at least the template's columns, each as {@code to_jsonb} gives it
     * @throws IllegalArgumentException when a column is absent, null, or neither text, number nor boolean
     */
    public String render(ObjectNode row) {
        StringBuilder key = new StringBuilder();
        List<Part> parts = template.parts();
        for (int i = 0; i < parts.size(); i++) {
            String column = parts.get(i).column();
            if (column == null) {
                key.append(parts.get(i).literal());
            } else {
                columnTexts[i].append(textOf(column, row.get(column)), key);
            }
        }
        return key.toString();
    }

    private String textOf(String column, @Nullable JsonNode value) {
        if (value == null || value.isNull() || value.isContainerNode()) {
            String found = value == null ? "no such column" : value.isNull() ? "null" : "an object or array";
            throw new IllegalArgumentException("key " + template.text() + ": expected column " + column
                    + " to be a text, a number or a boolean, found " + found);
        }
        return textOf(value);
    }

    /** A text, number or boolean as it stands in keys and tags. */
    static String textOf(JsonNode value) {
        return value.isBigDecimal() ? value.decimalValue().toPlainString() : value.asText();
    }

    /**
     * Whose entry a key is: each column with its value's text; empty when the template gives no such key.
     */
    public Optional<Map<String, String>> match(String key) {
        Map<String, String> values = new LinkedHashMap<>();
        List<Part> parts = template.parts();
        int at = 0;
        for (int i = 0; i < parts.size(); i++) {
            String column = parts.get(i).column();
            if (column == null) {
                String literal = parts.get(i).literal();
                if (!key.startsWith(literal, at)) {
                    return Optional.empty();
                }
                at += literal.length();
            } else {
                int end = endOfColumn(key, at, i);
                String value = end < at ? null : columnTexts[i].decode(key.substring(at, end));
                if (value == null) {
                    return Optional.empty();
                }
                values.put(column, value);
                at = end;
            }
        }
        return at == key.length() ? Optional.of(values) : Optional.empty();
    }

    /** Where the value that begins at a place ends: at its separator, or where the template's last text begins. */
    private int endOfColumn(String key, int from, int part) {
        Character separator = columnTexts[part].separator();
        if (separator != null) {
            return key.indexOf(separator, from);
        }
        List<Part> parts = template.parts();
        return key.length()
                - (part + 1 < parts.size() ? parts.get(part + 1).literal().length() : 0);
    }

    /** A pattern for Redis' {@code SCAN … MATCH} that every key of the template matches, and few others do. */
    public String scanPattern() {
        StringBuilder pattern = new StringBuilder();
        for (Part part : template.parts()) {
            if (part.column() == null) {
                pattern.append(part.literal().replaceAll("[\\\\*?\\[\\]]", "\\\\$0"));
            } else {
                pattern.append('*');
            }
        }
        return pattern.toString();
    }

    /** Whether some row of one and some row of the other could have the same key, whatever the columns' types. */
    public boolean canCollideWith(KeyTemplate other) {
        return KeyCollision.possible(template.parts(), other.template.parts());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyTemplate key && key.template.equals(template);
    }

    @Override
    public int hashCode() {
        return template.hashCode();
    }

    /** The template as it was written. */
    @Override
    public String toString() {
        return template.text();
    }
}
