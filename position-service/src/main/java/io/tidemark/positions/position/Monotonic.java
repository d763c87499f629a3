package io.tidemark.positions.position;

import java.util.Optional;

/**
 * The rule every layer keeps: a position is only ever replaced by one as far along, whatever order the writers come in.
 * A rewind gets through because its generation outranks. Pure.
 */
public final class Monotonic {
    private Monotonic() {}

    /** What must become of a position where another may be already. */
    public static Verdict judge(Optional<Position> present, Position wanted) {
        if (present.isEmpty()) {
            return Verdict.WRITTEN;
        }
        int order = wanted.rank().compareTo(present.get().rank());
        return order > 0 ? Verdict.WRITTEN : order == 0 ? Verdict.SAME : Verdict.LOWER;
    }

    /** What is there afterwards. */
    public static Position keep(Optional<Position> present, Position wanted) {
        return judge(present, wanted) == Verdict.LOWER ? present.orElseThrow() : wanted;
    }

    /** The farther of two; of two at the same place the first. */
    public static Position farther(Position first, Position second) {
        return second.isAheadOf(first) ? second : first;
    }
}
