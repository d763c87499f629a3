package io.tidemark.core.document;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.core.document.DocumentOutcome.Reason;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The forms of values that are one text, number or truth in both representations. */
final class ScalarForms {
    private static final Set<String> NO_NUMBERS = Set.of("NaN", "Infinity", "-Infinity");

    private ScalarForms() {}

    static @Nullable Reason bool(JsonNode value, JsonGenerator out) throws IOException {
        if (!value.isBoolean()) {
            return Reason.SHAPE_DIFFERS;
        }
        out.writeBoolean(value.booleanValue());
        return null;
    }

    /** A whole number of that many bits. */
    static ValueForm whole(int bits) {
        long max = Long.MAX_VALUE >> (Long.SIZE - bits);
        return (value, out) -> {
            if (!value.isIntegralNumber() || !value.canConvertToLong()) {
                return Reason.SHAPE_DIFFERS;
            }
            long number = value.longValue();
            if (number > max || number < -max - 1) {
                return Reason.SHAPE_DIFFERS;
            }
            out.writeNumber(number);
            return null;
        };
    }

    static @Nullable Reason oid(JsonNode value, JsonGenerator out) throws IOException {
        if (!value.isIntegralNumber()) {
            return Reason.SHAPE_DIFFERS;
        }
        out.writeString(value.asText());
        return null;
    }

    /** A text that is the same in both. */
    static @Nullable Reason text(JsonNode value, JsonGenerator out) throws IOException {
        if (!value.isTextual()) {
            return Reason.SHAPE_DIFFERS;
        }
        String text = value.textValue();
        if (ValueForm.isUnchanged(text)) {
            return Reason.UNCHANGED_VALUE;
        }
        out.writeString(text);
        return null;
    }

    static @Nullable Reason bytea(JsonNode value, JsonGenerator out) throws IOException {
        if (!value.isTextual()) {
            return Reason.SHAPE_DIFFERS;
        }
        String hex = value.textValue();
        if (ValueForm.isUnchanged(hex)) {
            return Reason.UNCHANGED_VALUE;
        }
        if (hex.length() % 2 != 0 || !isLowerHex(hex)) {
            return Reason.SHAPE_DIFFERS;
        }
        out.writeString("\\x" + hex);
        return null;
    }

    private static boolean isLowerHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    /**
     * A numeric. With a negative scale, {@code numeric(5,-2)}, Debezium writes it with two thousand zeros after the
     * point, which are left out.
     */
    static ValueForm numeric(boolean dropsFraction) {
        return (value, out) -> {
            if (!value.isTextual()) {
                return Reason.SHAPE_DIFFERS;
            }
            String text = value.textValue();
            if (isPlainNumber(text)) {
                int point = dropsFraction ? text.indexOf('.') : -1;
                out.writeNumber(point < 0 ? text : text.substring(0, point));
                return null;
            }
            return special(text, out);
        };
    }

    private static @Nullable Reason special(String text, JsonGenerator out) throws IOException {
        switch (text) {
            case "NAN" -> out.writeString("NaN");
            case "POSITIVE_INFINITY" -> out.writeString("Infinity");
            case "NEGATIVE_INFINITY" -> out.writeString("-Infinity");
            default -> {
                return ValueForm.isUnchanged(text) ? Reason.UNCHANGED_VALUE : Reason.SHAPE_DIFFERS;
            }
        }
        return null;
    }

    /** {@code -12.50}: what JSON takes for a number, without an exponent. */
    private static boolean isPlainNumber(String text) {
        int begin = text.startsWith("-") ? 1 : 0;
        int end = begin;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        if (end == begin || end - begin > 1 && text.charAt(begin) == '0') {
            return false;
        }
        if (end < text.length() && text.charAt(end) == '.') {
            int fraction = ++end;
            while (end < text.length() && isDigit(text.charAt(end))) {
                end++;
            }
            return end == text.length() && end > fraction;
        }
        return end == text.length();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static @Nullable Reason float8(JsonNode value, JsonGenerator out) throws IOException {
        if (!value.isNumber()) {
            return noNumber(value, out);
        }
        ShortestDecimal.writeFloat8(value.decimalValue(), out);
        return null;
    }

    static @Nullable Reason float4(JsonNode value, JsonGenerator out) throws IOException {
        if (!value.isNumber()) {
            return noNumber(value, out);
        }
        ShortestDecimal.writeFloat4(value.decimalValue(), out);
        return null;
    }

    private static @Nullable Reason noNumber(JsonNode value, JsonGenerator out) throws IOException {
        if (!value.isTextual() || !NO_NUMBERS.contains(value.textValue())) {
            return Reason.SHAPE_DIFFERS;
        }
        out.writeString(value.textValue());
        return null;
    }
}
