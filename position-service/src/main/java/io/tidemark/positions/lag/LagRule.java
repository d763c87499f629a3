package io.tidemark.positions.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Judges a consumer by a window of marks, without any threshold of records or seconds: the idea of Burrow's evaluation
 * rules (github.com/linkedin/Burrow). The window is as long as is asked for, or twice as long as the consumer has lately needed
 * from one commit to the next, so that one that commits seldom is not called stalled. Pure.
 */
final class LagRule {
    /** No consumer is waited for any longer than this. */
    static final Duration LONGEST = Duration.ofHours(1);

    private LagRule() {}

    /**
     * Judges.
     *
     * @param marks the oldest first
     * @param members whether the group has members
     * @param window how much has to be seen, at least
     */
    static LagState judge(List<Mark> marks, boolean members, Duration window) {
        if (marks.isEmpty()) {
            return LagState.OK;
        }
        Mark last = marks.get(marks.size() - 1);
        Instant from = last.at().minus(length(marks, window));
        List<Mark> recent =
                marks.stream().filter(mark -> !mark.at().isBefore(from)).toList();
        if (recent.stream().anyMatch(mark -> mark.committed() > last.committed())) {
            return LagState.REWOUND;
        }
        boolean seenEnough = Duration.between(marks.get(0).at(), last.at()).compareTo(window) >= 0;
        if (!seenEnough || recent.stream().anyMatch(mark -> mark.lag() == 0)) {
            return LagState.OK;
        }
        if (recent.get(0).committed() == last.committed()) {
            return members ? LagState.STALLED : LagState.STOPPED;
        }
        return comesNoNearer(recent) ? LagState.WARNING : LagState.OK;
    }

    /** How long the window is. */
    static Duration length(List<Mark> marks, Duration window) {
        Duration longest = Duration.ZERO;
        Instant before = null;
        for (int i = 1; i < marks.size(); i++) {
            if (marks.get(i).committed() != marks.get(i - 1).committed()) {
                Instant at = marks.get(i).at();
                if (before != null && Duration.between(before, at).compareTo(longest) > 0) {
                    longest = Duration.between(before, at);
                }
                before = at;
            }
        }
        Duration twice = longest.multipliedBy(2);
        Duration length = twice.compareTo(window) > 0 ? twice : window;
        return length.compareTo(LONGEST) > 0 ? LONGEST : length;
    }

    /** Whether the least lag of the last third is no less than the greatest of the first: a lag that only swings is not meant. */
    private static boolean comesNoNearer(List<Mark> recent) {
        int third = recent.size() / 3;
        if (third == 0) {
            return false;
        }
        long before = recent.stream().limit(third).mapToLong(Mark::lag).max().orElse(0);
        long after = recent.stream()
                .skip(recent.size() - third)
                .mapToLong(Mark::lag)
                .min()
                .orElse(0);
        return after >= before;
    }
}
