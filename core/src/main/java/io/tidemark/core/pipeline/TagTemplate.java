package io.tidemark.core.pipeline;

import java.util.List;

/** How a tag of an entry is called: a text in which columns of the row may stand in braces. Immutable. */
public final class TagTemplate {
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
        return new TagTemplate(template);
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
