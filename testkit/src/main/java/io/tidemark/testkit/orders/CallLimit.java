package io.tidemark.testkit.orders;

import java.time.Duration;
import java.util.List;

/**
 * How many calls a token may make in any span of that length.
 *
 * @param calls 1 and up
 * @param span the length
 */
public record CallLimit(int calls, Duration span) {

    /** The order API's own: 5 a second, 50 a minute, 1,000 an hour, 10,000 a day. */
    public static List<CallLimit> real() {
        return List.of(
                new CallLimit(5, Duration.ofSeconds(1)),
                new CallLimit(50, Duration.ofMinutes(1)),
                new CallLimit(1_000, Duration.ofHours(1)),
                new CallLimit(10_000, Duration.ofDays(1)));
    }

    /** That many times as many calls in the same span. */
    public CallLimit times(int factor) {
        return new CallLimit(Math.multiplyExact(calls, factor), span);
    }
}
