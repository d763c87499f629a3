package io.tidemark.core.query;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Scores of sorted sets: numbers as they are, dates and times as seconds since 1970-01-01 UTC. */
public final class Scores {
    private Scores() {}

    /**
     * The score that a column's value gives.
     *
     * @param json the value as {@code to_jsonb} gives it
     * @return null when it gives none: for null, NaN, and times that have no number
     */
    public static @Nullable String of(String json) {
        boolean isText = json.startsWith("\"") && json.endsWith("\"");
        try {
            double score = isText ? seconds(json.substring(1, json.length() - 1)) : Double.parseDouble(json);
            return Double.isFinite(score) ? Double.toString(score) : null;
        } catch (NumberFormatException | DateTimeParseException none) {
            return null;
        }
    }

    private static double seconds(String text) {
        if (text.indexOf('T') < 0) {
            return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
        }
        boolean hasOffset =
                text.endsWith("Z") || text.substring(text.indexOf('T')).matches(".*[+-].*");
        OffsetDateTime time = hasOffset
                ? OffsetDateTime.parse(text)
                : LocalDateTime.parse(text).atOffset(ZoneOffset.UTC);
        return time.toEpochSecond() + time.getNano() / 1e9;
    }
}
