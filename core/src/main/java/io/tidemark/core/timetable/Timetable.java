package io.tidemark.core.timetable;

import java.time.Instant;

/** When something that recurs happens. Immutable. */
public sealed interface Timetable permits Cron, Every {

    /** The first time after a moment. */
    Instant next(Instant after);

    /**
     * How many times lie between two moments.
     *
     * @param after not itself counted
     * @param until itself counted
     * @param most where counting ends
     */
    default int timesBetween(Instant after, Instant until, int most) {
        int times = 0;
        for (Instant at = next(after); !at.isAfter(until) && times < most; at = next(at)) {
            times++;
        }
        return times;
    }

    /** As people write it. */
    String text();
}
