package io.tidemark.core.document;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.core.document.DocumentOutcome.Reason;
import java.io.IOException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * The forms of dates and times: days and microseconds in a change, ISO 8601 in a document. What lies outside the years
 * given here, infinity too, has no form of its own in a change.
 */
final class TimeForms {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

    /** Before it, Debezium's snapshot counts by the Julian calendar and forgets whether a year was before Christ. */
    private static final long FIRST_DAY = LocalDate.of(1583, 1, 1).toEpochDay();

    private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();
    private static final long FIRST_MICRO = LocalDate.of(1, 1, 1).toEpochDay() * MICROS_PER_DAY;
    private static final long END_MICRO = (LAST_DAY + 1) * MICROS_PER_DAY;

    /** Where the fraction of {@code 2024-02-29T12:34:56.789000Z} begins. */
    private static final int FRACTION = 19;

    private TimeForms() {}

    static @Nullable Reason date(JsonNode value, JsonGenerator out) throws IOException {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            return Reason.SHAPE_DIFFERS;
        }
        long day = value.longValue();
        if (day < FIRST_DAY || day > LAST_DAY) {
            return Reason.INEXACT_TYPE;
        }
        out.writeString(LocalDate.ofEpochDay(day).toString());
        return null;
    }

    static @Nullable Reason time(JsonNode value, JsonGenerator out) throws IOException {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            return Reason.SHAPE_DIFFERS;
        }
        long micros = value.longValue();
        if (micros < 0 || micros > MICROS_PER_DAY) {
            return Reason.SHAPE_DIFFERS;
        }
        StringBuilder text = new StringBuilder(15);
        appendTime(text, micros);
        out.writeString(text.toString());
        return null;
    }

    static @Nullable Reason timestamp(JsonNode value, JsonGenerator out) throws IOException {
        if (!value.isIntegralNumber()) {
            return Reason.SHAPE_DIFFERS;
        }
        long micros = value.canConvertToLong() ? value.longValue() : Long.MAX_VALUE;
        if (micros < FIRST_MICRO || micros >= END_MICRO) {
            return Reason.INEXACT_TYPE;
        }
        StringBuilder text = new StringBuilder(26);
        text.append(LocalDate.ofEpochDay(Math.floorDiv(micros, MICROS_PER_DAY))).append('T');
        appendTime(text, Math.floorMod(micros, MICROS_PER_DAY));
        out.writeString(text.toString());
        return null;
    }

    /** Comes as {@code 2024-02-29T12:34:56.789000Z}, always in UTC, with as many digits as the column's precision. */
    static @Nullable Reason timestamptz(JsonNode value, JsonGenerator out) throws IOException {
        if (!value.isTextual()) {
            return Reason.SHAPE_DIFFERS;
        }
        String came = value.textValue();
        if (came.equals("infinity") || came.equals("-infinity")) {
            out.writeString(came);
            return null;
        }
        int end = came.length() - 1;
        if (end < FRACTION || came.charAt(end) != 'Z' || came.charAt(10) != 'T' || !isDigit(came.charAt(0))) {
            return isInstant(came) ? Reason.INEXACT_TYPE : Reason.SHAPE_DIFFERS;
        }
        if (came.startsWith("0000")) {
            return Reason.INEXACT_TYPE;
        }
        if (end > FRACTION) {
            while (came.charAt(end - 1) == '0') {
                end--;
            }
            if (came.charAt(end - 1) == '.') {
                end--;
            }
        }
        out.writeString(came.substring(0, end) + "+00:00");
        return null;
    }

    /** A year before Christ or of five digits begins with a sign. */
    private static boolean isInstant(String text) {
        return text.length() > FRACTION && (text.charAt(0) == '-' || text.charAt(0) == '+') && text.endsWith("Z");
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** {@code 12:34:56.789}; the last moment of a day may be written 24:00:00. */
    private static void appendTime(StringBuilder text, long micros) {
        int seconds = (int) (micros / MICROS_PER_SECOND);
        appendTwo(text, seconds / 3600);
        appendTwo(text.append(':'), seconds / 60 % 60);
        appendTwo(text.append(':'), seconds % 60);
        int fraction = (int) (micros % MICROS_PER_SECOND);
        if (fraction != 0) {
            text.append('.');
            for (int unit = 100_000; fraction != 0; unit /= 10) {
                text.append((char) ('0' + fraction / unit));
                fraction %= unit;
            }
        }
    }

    private static void appendTwo(StringBuilder text, int number) {
        text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
