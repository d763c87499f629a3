package io.tidemark.core.pipeline;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes as the pipeline file writes it: {@code 800B}, {@code 4kB}, {@code 1MB}; a kB is 1,024 bytes, as in PostgreSQL. */
final class SizeText {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,8})(B|kB|MB)");
    private static final long MOST = 512L << 20;

    private SizeText() {}

    static OptionalInt parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return OptionalInt.empty();
        }
        int shift =
                switch (matcher.group(2)) {
                    case "B" -> 0;
                    case "kB" -> 10;
                    default -> 20;
                };
        long bytes = Long.parseLong(matcher.group(1)) << shift;
        return bytes > MOST ? OptionalInt.empty() : OptionalInt.of((int) bytes);
    }
}
