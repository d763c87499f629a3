package io.tidemark.core.pipeline;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text with columns in it, taken apart: {@code product:{id}}. Doubled braces stand for themselves. Immutable.
 *
 * @param text as it was written
 * @param parts literals and columns in turn; no two literals follow each other
 */
record Template(String text, List<Part> parts) {

    /** A piece of a template: a literal when {@code column} is null, else the value of that column. */
    record Part(String literal, @Nullable String column) {}

    Template {
        parts = List.copyOf(parts);
    }

    /** @throws IllegalArgumentException with the position, from 1, and what was expected there */
    static Template parse(String text) {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == c;
            if ((c == '{' || c == '}') && doubled) {
                literal.append(c);
                at += 2;
            } else if (c == '{') {
                int end = text.indexOf('}', at);
                flush(literal, parts);
                parts.add(new Part("", column(text, at, end)));
                at = end + 1;
            } else if (c == '}') {
                throw problem(at, "a } without its {; for the character itself write }}");
            } else {
                literal.append(c);
                at++;
            }
        }
        flush(literal, parts);
        return new Template(text, parts);
    }

    /** The columns it names, each once, in their order. */
    List<String> columns() {
        List<String> columns = new ArrayList<>();
        for (Part part : parts) {
            if (part.column() != null && !columns.contains(part.column())) {
                columns.add(part.column());
            }
        }
        return columns;
    }

    private static String column(String text, int open, int close) {
        if (close < 0) {
            throw problem(open, "a { without its }; for the character itself write {{");
        }
        String column = text.substring(open + 1, close);
        if (column.isBlank() || column.indexOf('{') >= 0 || !column.equals(column.strip())) {
            throw problem(open, "expected the name of a column between { and }, found \"" + column + "\"");
        }
        return column;
    }

    private static void flush(StringBuilder literal, List<Part> parts) {
        if (!literal.isEmpty()) {
            parts.add(new Part(literal.toString(), null));
            literal.setLength(0);
        }
    }

    static IllegalArgumentException problem(int at, String words) {
        return new IllegalArgumentException("at character " + (at + 1) + ": " + words);
    }
}
