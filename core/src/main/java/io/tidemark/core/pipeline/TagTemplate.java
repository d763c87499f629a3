package io.tidemark.core.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.contract.Tag;
import io.tidemark.core.pipeline.Template.Part;
import java.util.List;
import java.util.Optional;
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
