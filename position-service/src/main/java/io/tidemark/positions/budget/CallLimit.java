package io.tidemark.positions.budget;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The most calls a token may make in any span of that length.
 *
 * @param calls 1 and up
 * @param span longer than nothing
 */
public record CallLimit(long calls, Duration span) {
    private static final Map<String, Duration> UNITS = Map.of(
            "s", Duration.ofSeconds(1),
            "min", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "day", Duration.ofDays(1));

    public CallLimit {
        if (calls < 1 || span.isZero() || span.isNegative()) {
            throw new IllegalArgumentException("expected 1 or more calls in some span, found " + calls + " in " + span);
        }
    }

    /**
     * Reads {@code 5/s,50/min,1000/h,10000/day}; answers the narrowest first.
     *
     * @throws IllegalArgumentException when it is of another form
     */
    public static List<CallLimit> parse(String text) {
        List<CallLimit> limits = new ArrayList<>();
        for (String part : text.split(",")) {
            String[] sides = part.strip().split("/", -1);
            if (sides.length != 2 || !sides[0].matches("[0-9]{1,9}") || !UNITS.containsKey(sides[1])) {
                throw new IllegalArgumentException("expected limits of calls such as 5/s,50/min,1000/h,10000/day, with"
                        + " s, min, h or day, found \"" + text + "\"");
            }
            limits.add(new CallLimit(Long.parseLong(sides[0]), UNITS.get(sides[1])));
        }
        limits.sort(Comparator.comparing(CallLimit::span));
        return List.copyOf(limits);
    }

    /** As it is written in a setting. */
    public String text() {
        return UNITS.entrySet().stream()
                .filter(unit -> unit.getValue().equals(span))
                .findFirst()
                .map(unit -> calls + "/" + unit.getKey())
                .orElse(calls + "/" + span.toSeconds() + "s");
    }
}
