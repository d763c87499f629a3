package io.tidemark.cli.shop;

import java.math.BigDecimal;

/** Builds rows in the text form of PostgreSQL's COPY. Not thread-safe. */
public final class CopyLine {
    private final StringBuilder text = new StringBuilder(512);
    private boolean first = true;

    public CopyLine with(long value) {
        field().append(value);
        return this;
    }

    public CopyLine with(boolean value) {
        field().append(value ? 't' : 'f');
        return this;
    }

    public CopyLine with(BigDecimal value) {
        field().append(value.toPlainString());
        return this;
    }

    public CopyLine with(@org.jspecify.annotations.Nullable String value) {
        if (value == null) {
            field().append("\\N");
        } else {
            escape(value, field());
        }
        return this;
    }

    public void endRow() {
        text.append('\n');
        first = true;
    }

    public int length() {
        return text.length();
    }

    /** Gives what was built and begins anew. */
    public String take() {
        String rows = text.toString();
        text.setLength(0);
        return rows;
    }

    private StringBuilder field() {
        if (!first) {
            text.append('\t');
        }
        first = false;
        return text;
    }

    private static void escape(String value, StringBuilder to) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> to.append("\\\\");
                case '\t' -> to.append("\\t");
                case '\n' -> to.append("\\n");
                case '\r' -> to.append("\\r");
                default -> to.append(c);
            }
        }
    }
}
