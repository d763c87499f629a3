package io.tidemark.core.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.contract.Tag;
import io.tidemark.core.pipeline.Template.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a tag of an entry is called: a text in which columns of the row may stand in braces. Immutable. */
public final class TagTemplate {
    private static final KeyText VALUE = new KeyText(null);

    private final Template template;

    private TagTemplate(Template template) {
        this.template = template;
    }

    /**
     * Reads a template such as {@code category:{category_id}}.
     *
     * @throws IllegalArgumentException with the position and what was expected there
     */
    public static TagTemplate parse(String text) {
        Template template = Template.parse(text);
        if (template.parts().isEmpty()) {
            throw new IllegalArgumentException("a tag cannot be empty");
        }
        TagTemplate tag = new TagTemplate(template);
        StringBuilder sample = new StringBuilder();
        template.parts().forEach(part -> sample.append(part.column() == null ? part.literal() : "x"));
        new Tag(sample.toString());
        return tag;
    }

    /**
     * A row's tag; empty when a column of it is null, or the tag is so long that no entry can carry it.
     *
     * @param row at least the template's columns, each as {@code to_jsonb} gives it
     * @throws IllegalArgumentException when a column is absent, or neither text, number nor boolean
     */
    public Optional<String> render(ObjectNode row) {
        StringBuilder tag = new StringBuilder();
        for (Part part : template.parts()) {
            if (part.column() == null) {
                tag.append(part.literal());
                continue;
            }
            JsonNode value = row.get(part.column());
            if (value == null || value.isContainerNode()) {
                throw new IllegalArgumentException("tag " + template.text() + ": expected column " + part.column()
                        + " to be a text, a number or a boolean, found "
                        + (value == null ? "no such column" : "an object or array"));
            }
            if (value.isNull()) {
                return Optional.empty();
            }
            VALUE.append(KeyTemplate.textOf(value), tag);
        }
        return Tag.isPossible(tag.toString()) ? Optional.of(tag.toString()) : Optional.empty();
    }

    /** The text that every tag of the template begins with; may be empty. */
    public String prefix() {
        Part first = template.parts().get(0);
        return first.column() == null ? first.literal() : "";
    }

    /** Whether some row could have this tag. */
    public boolean matches(String tag) {
        StringBuilder pattern = new StringBuilder();
        for (Part part : template.parts()) {
            pattern.append(part.column() == null ? Pattern.quote(part.literal()) : ".*");
        }
        return Pattern.matches(pattern.toString(), tag);
    }

    /** What stands in each column of the rows that have this tag; empty when no row can have it. */
    public Optional<Map<String, String>> match(String tag) {
        StringBuilder pattern = new StringBuilder();
        List<String> columns = new ArrayList<>();
        for (Part part : template.parts()) {
            pattern.append(part.column() == null ? Pattern.quote(part.literal()) : "(.*?)");
            if (part.column() != null) {
                columns.add(part.column());
            }
        }
        Matcher found = Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(tag);
        if (!found.matches()) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            String value = VALUE.decode(found.group(i + 1));
            String other = value == null ? null : values.putIfAbsent(columns.get(i), value);
            if (value == null || (other != null && !other.equals(value))) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }

    /**
     * The tag of the rows that have these texts in its columns; empty when a column's is not given.
     *
     * @param texts by column, as they stand in keys
     */
    public Optional<String> render(Map<String, String> texts) {
        StringBuilder tag = new StringBuilder();
        for (Part part : template.parts()) {
            String text = part.column() == null ? part.literal() : texts.get(part.column());
            if (text == null) {
                return Optional.empty();
            }
            if (part.column() == null) {
                tag.append(text);
            } else {
                VALUE.append(text, tag);
            }
        }
        return Tag.isPossible(tag.toString()) ? Optional.of(tag.toString()) : Optional.empty();
    }

    /** The columns it names, each once; none for a fixed tag. */
    public List<String> columns() {
        return template.columns();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TagTemplate tag && tag.template.equals(template);
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
