package io.tidemark.positions.lag;

import java.util.Locale;

/** How a consumer of a partition does, the best first. */
public enum LagState {
    /** It catches up with the end now and then, or comes nearer to it. */
    OK,
    /** It moves on, and does not come nearer to the end. */
    WARNING,
    /** Its committed offset has gone back. */
    REWOUND,
    /** There are records for it, it does not move on, and its group has members. */
    STALLED,
    /** There are records for it, it does not move on, and its group has no members. */
    STOPPED;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    LagState worse(LagState other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
