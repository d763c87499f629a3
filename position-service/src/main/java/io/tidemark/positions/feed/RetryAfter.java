package io.tidemark.positions.feed;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** The header Retry-After, as RFC 9110 section 10.2.3 has it: seconds, or a date. */
final class RetryAfter {
    private static final Duration WITHOUT = Duration.ofMinutes(1);
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofDays(1);

    private RetryAfter() {}

    /** From a second up to a day; a minute when the header is missing or is none. */
    static Duration of(Optional<String> header, Instant now) {
        Duration wait = header.map(String::strip).map(text -> parsed(text, now)).orElse(WITHOUT);
        return wait.compareTo(LEAST) < 0 ? LEAST : wait.compareTo(MOST) > 0 ? MOST : wait;
    }

    private static Duration parsed(String text, Instant now) {
        if (text.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Duration.between(now, date);
        } catch (DateTimeParseException e) {
            return WITHOUT;
        }
    }
}
