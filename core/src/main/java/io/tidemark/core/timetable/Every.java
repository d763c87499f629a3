package io.tidemark.core.timetable;

import java.time.Duration;
import java.time.Instant;

/**
 * Again and again after the same time.
 *
 * @param interval how long from one time to the next, a second or more
 */
public record Every(Duration interval) implements Timetable {
    public Every {
        if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("expected an interval of at least 1 s, found " + interval);
        }
    }

    @Override
    public Instant next(Instant after) {
        return after.plus(interval);
    }

    @Override
    public int timesBetween(Instant after, Instant until, int most) {
        if (!after.isBefore(until)) {
            return 0;
        }
        return (int) Math.min(most, Duration.between(after, until).dividedBy(interval));
    }

    @Override
    public String text() {
        long seconds = interval.toSeconds();
        if (seconds % 86_400 == 0) {
            return "every " + seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return "every " + seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? "every " + seconds / 60 + "m" : "every " + seconds + "s";
    }
}
