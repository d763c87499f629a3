package io.tidemark.core.pipeline;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A span of time as the pipeline file writes it: {@code 90s}, {@code 30m}, {@code 2h}, {@code 7d}. */
final class TtlText {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,8})([smhd])");
    private static final Pattern MILLIS = Pattern.compile("([1-9][0-9]{0,8})ms");

    private TtlText() {}

    /** The same, or in milliseconds, {@code 20ms}. */
    static Optional<Duration> parseFine(String text) {
        Matcher matcher = MILLIS.matcher(text);
        return matcher.matches() ? Optional.of(Duration.ofMillis(Long.parseLong(matcher.group(1)))) : parse(text);
    }

    static Optional<Duration> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                });
    }
}
