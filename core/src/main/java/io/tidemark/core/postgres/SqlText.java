package io.tidemark.core.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One SELECT that a person wrote, taken apart at its named parameters, {@code where category_id = :id}. Immutable.
 *
 * <p>Quoted texts, quoted names, comments and casts ({@code ::}) are left alone.
 */
public final class SqlText {
    private final String text;
    private final List<Piece> pieces;

    /** A piece of the statement: text as it was written, or the name of a parameter. */
    private record Piece(String text, boolean parameter) {}

    private SqlText(String text, List<Piece> pieces) {
        this.text = text;
        this.pieces = List.copyOf(pieces);
    }

    /**
     * Reads a statement.
     *
     * @throws IllegalArgumentException when it is not one SELECT; the message says what was expected
     */
    public static SqlText parse(String sql) {
        SqlText statement = fragment(sql);
        String begin = statement.text.stripLeading().toLowerCase(Locale.ROOT);
        if (!begin.matches("(?s)\\(?\\s*(select|with|values|table)\\b.*")) {
            throw new IllegalArgumentException("expected a statement that begins with select or with");
        }
        return statement;
    }

    /**
     * Reads a part of a statement, such as a condition.
     *
     * @throws IllegalArgumentException when a quote is left open, or a semicolon separates statements
     */
    public static SqlText fragment(String sql) {
        String text = sql.strip();
        while (text.endsWith(";")) {
            text = text.substring(0, text.length() - 1).stripTrailing();
        }
        return new SqlText(text, new Scanner(text).pieces());
    }

    /** The names of its parameters, each once, in the order of the text. */
    public List<String> parameters() {
        return pieces.stream()
                .filter(Piece::parameter)
                .map(Piece::text)
                .distinct()
                .toList();
    }

    /**
     * The statement for the driver, with something in the place of each parameter.
     *
     * @param parameter gives SQL for a parameter's name
     */
    public String render(Function<String, String> parameter) {
        StringBuilder sql = new StringBuilder();
        for (Piece piece : pieces) {
            sql.append(piece.parameter() ? parameter.apply(piece.text()) : piece.text());
        }
        return sql.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SqlText sql && sql.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The statement as it was written. */
    @Override
    public String toString() {
        return text;
    }

    /** PostgreSQL manual, "Lexical Structure". */
    private static final class Scanner {
        private final String text;
        private final List<Piece> pieces = new ArrayList<>();
        private final StringBuilder plain = new StringBuilder();
        private int at;

        Scanner(String text) {
            this.text = text;
        }

        List<Piece> pieces() {
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c == '\'' || c == '"') {
                    boolean escapes = c == '\'' && at > 0 && "eE".indexOf(text.charAt(at - 1)) >= 0;
                    copyTo(endOfQuote(c, escapes));
                } else if (text.startsWith("--", at)) {
                    int end = text.indexOf('\n', at);
                    copyTo(end < 0 ? text.length() : end);
                } else if (text.startsWith("/*", at)) {
                    copyTo(endOf("*/", at + 2, "comment"));
                } else if (c == '$' && dollarQuote() != null) {
                    String quote = dollarQuote();
                    copyTo(endOf(quote, at + quote.length(), "dollar-quoted text"));
                } else if (text.startsWith("::", at)) {
                    copyTo(at + 2);
                } else if (c == ':' && at + 1 < text.length() && isStart(text.charAt(at + 1))) {
                    parameter();
                } else if (c == ';') {
                    throw new IllegalArgumentException("expected one statement, found a ; between two");
                } else {
                    // The driver takes a single question mark for a place of its own.
                    plain.append(c == '?' ? "??" : String.valueOf(c));
                    at++;
                }
            }
            flush();
            return pieces;
        }

        private void parameter() {
            int end = at + 1;
            while (end < text.length() && (isStart(text.charAt(end)) || Character.isDigit(text.charAt(end)))) {
                end++;
            }
            flush();
            pieces.add(new Piece(text.substring(at + 1, end), true));
            at = end;
        }

        private int endOfQuote(char quote, boolean escapes) {
            for (int end = at + 1; end < text.length(); end++) {
                if (escapes && text.charAt(end) == '\\') {
                    end++;
                } else if (text.charAt(end) == quote) {
                    return end + 1;
                }
            }
            throw new IllegalArgumentException("expected a " + quote + " that closes the one at character " + (at + 1));
        }

        private int endOf(String end, int from, String what) {
            int found = text.indexOf(end, from);
            if (found < 0) {
                throw new IllegalArgumentException(
                        "expected the end of the " + what + " that begins at character " + (at + 1));
            }
            return found + end.length();
        }

        private @Nullable String dollarQuote() {
            int end = text.indexOf('$', at + 1);
            String quote = end < 0 ? "" : text.substring(at, end + 1);
            return quote.matches("\\$([A-Za-z_][A-Za-z0-9_]*)?\\$") ? quote : null;
        }

        private void copyTo(int end) {
            plain.append(text, at, end);
            at = end;
        }

        private void flush() {
            if (!plain.isEmpty()) {
                pieces.add(new Piece(plain.toString(), false));
                plain.setLength(0);
            }
        }

        private static boolean isStart(char c) {
            return c == '_' || Character.isLetter(c);
        }
    }
}
