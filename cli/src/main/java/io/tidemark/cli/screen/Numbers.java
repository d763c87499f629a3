package io.tidemark.cli.screen;

import java.util.Locale;
import java.util.OptionalDouble;

/** Numbers as people read them. */
public final class Numbers {
    private Numbers() {}

    /** Thousands apart: 1,234,567. */
    public static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** Milliseconds, seconds from ten thousand on; a dash when unknown. */
    public static String millis(OptionalDouble millis) {
        if (millis.isEmpty()) {
            return "–";
        }
        double value = millis.getAsDouble();
        if (value >= 10_000) {
            return String.format(Locale.ROOT, "%,.0f s", value / 1000);
        }
        return String.format(Locale.ROOT, value < 9.95 ? "%.1f ms" : "%.0f ms", value);
    }

    /** Bytes in the largest unit that leaves at least one. */
    public static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int unit = Math.min(4, (63 - Long.numberOfLeadingZeros(bytes)) / 10);
        return String.format(Locale.ROOT, "%.1f %siB", bytes / (double) (1L << (unit * 10)), " KMGT".charAt(unit));
    }
}
