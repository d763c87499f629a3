package io.tidemark.positions.lag;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The marks of one consumer of one partition, as many as its judgement needs: those of the window, and before it those at which
 * it moved on. At most some forty. Not thread-safe.
 */
final class LagWindow {
    private static final int MARKS = 12;
    private static final int MOVES = 12;

    private final Duration window;
    private final Duration apart;
    private final List<Mark> marks = new ArrayList<>();

    LagWindow(Duration window) {
        this.window = window;
        this.apart = window.dividedBy(MARKS);
    }

    /** Adds the newest mark; a topic that was made anew begins a window of its own. */
    void add(Mark mark) {
        if (!marks.isEmpty() && mark.end() < newest().end()) {
            marks.clear();
        }
        if (marks.size() >= 2 && saysNoMore(marks.get(marks.size() - 2), newest(), mark)) {
            marks.remove(marks.size() - 1);
        }
        marks.add(mark);
        thin(mark.at());
    }

    /** Whether the middle one of three may go. */
    private boolean saysNoMore(Mark before, Mark middle, Mark after) {
        boolean close = Duration.between(before.at(), after.at()).compareTo(apart) < 0;
        boolean caughtUp = middle.lag() == 0 && after.lag() > 0;
        return close && !caughtUp && after.committed() >= middle.committed();
    }

    private void thin(Instant now) {
        Instant recent = now.minus(window);
        Instant oldest = now.minus(LagRule.LONGEST);
        int moves = 0;
        for (int i = marks.size() - 2; i >= 0; i--) {
            Mark mark = marks.get(i);
            if (mark.at().isBefore(recent)) {
                boolean moved = i > 0 && mark.committed() != marks.get(i - 1).committed();
                // The youngest one before the window says that the window is full.
                boolean first = !marks.get(i + 1).at().isBefore(recent);
                moves += moved ? 1 : 0;
                if (mark.at().isBefore(oldest) || moves > MOVES || !(moved || first)) {
                    marks.remove(i);
                }
            }
        }
    }

    LagState judge(boolean members) {
        return LagRule.judge(marks, members, window);
    }

    Mark newest() {
        return marks.get(marks.size() - 1);
    }

    List<Mark> marks() {
        return List.copyOf(marks);
    }

    /** How many records a second were consumed over the marks that are kept of the window. */
    double consumedPerSecond() {
        Mark first = firstOfWindow();
        return perSecond(first, Math.max(0, newest().committed() - first.committed()));
    }

    /** How many came in. */
    double producedPerSecond() {
        Mark first = firstOfWindow();
        return perSecond(first, newest().end() - first.end());
    }

    private Mark firstOfWindow() {
        Instant from = newest().at().minus(window);
        return marks.stream()
                .filter(mark -> !mark.at().isBefore(from))
                .findFirst()
                .orElse(newest());
    }

    private double perSecond(Mark first, long records) {
        double seconds = Duration.between(first.at(), newest().at()).toMillis() / 1_000.0;
        return seconds <= 0 ? 0 : records / seconds;
    }
}
