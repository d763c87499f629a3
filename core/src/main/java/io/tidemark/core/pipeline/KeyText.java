package io.tidemark.core.pipeline;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How a column's value is written inside a key, and read back.
 *
 * @param separator the character that ends the column in its template; null when nothing has to
 */
record KeyText(@Nullable Character separator) {
    private static final String HEX = "0123456789ABCDEF";

    /** Appends the value, percent-encoded where it could be taken for something else. */
    void append(String value, StringBuilder key) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (isPlain(c)) {
                key.append(c);
            } else {
                // Only characters of the basic plane are ever encoded, so none is half of a surrogate pair.
                for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                    key.append('%').append(HEX.charAt((b >> 4) & 0xF)).append(HEX.charAt(b & 0xF));
                }
            }
        }
    }

    /** The value of which {@link #append} makes this text; null when it makes it of none. */
    @Nullable
    String decode(String text) {
        StringBuilder value = new StringBuilder(text.length());
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '%') {
                int high = i + 2 < text.length() ? HEX.indexOf(text.charAt(i + 1)) : -1;
                int low = high < 0 ? -1 : HEX.indexOf(text.charAt(i + 2));
                if (low < 0) {
                    return null;
                }
                encoded.write(high << 4 | low);
                i += 2;
            } else {
                if (!flush(encoded, value)) {
                    return null;
                }
                value.append(text.charAt(i));
            }
        }
        if (!flush(encoded, value)) {
            return null;
        }
        StringBuilder again = new StringBuilder(text.length());
        append(value.toString(), again);
        return text.contentEquals(again) ? value.toString() : null;
    }

    private static boolean flush(ByteArrayOutputStream encoded, StringBuilder value) {
        if (encoded.size() == 0) {
            return true;
        }
        try {
            value.append(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(encoded.toByteArray())));
        } catch (CharacterCodingException notUtf8) {
            return false;
        }
        encoded.reset();
        return true;
    }

    private boolean isPlain(char c) {
        return c != '%'
                && c != '{'
                && c != '}'
                && (separator == null || c != separator)
                && !Character.isISOControl(c)
                && !Character.isWhitespace(c)
                && !Character.isSpaceChar(c);
    }
}
