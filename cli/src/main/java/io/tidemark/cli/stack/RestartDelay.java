package io.tidemark.cli.stack;

import java.time.Duration;

/**
 * How long to wait before something that ended is started again: half a second at first, twice as long each time, at
 * most half a minute; from the beginning again once it ran for a minute. Not thread-safe.
 */
final class RestartDelay {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration STEADY = Duration.ofMinutes(1);

    private Duration next = FIRST;

    /** @param ran how long it ran before it ended */
    Duration after(Duration ran) {
        if (ran.compareTo(STEADY) >= 0) {
            next = FIRST;
        }
        Duration delay = next;
        next = min(next.multipliedBy(2), LONGEST);
        return delay;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
