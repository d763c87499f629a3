package io.tidemark.testkit.promise;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The changes of one row arrive in the order of their commits. Sending again what was sent before is allowed (at least
 * once), so 1 2 3 2 3 4 keeps the promise; 1 3 2 breaks it, and so does 1 2 3 2 at the end, since the row would be left
 * with an older change as its last.
 */
public final class PerRowOrder implements Promise {

    private final Map<String, Arrivals> rows = new TreeMap<>();

    /** A change was met; called in the order of arrival within the row. Numbers grow with the commits of the row. */
    public synchronized void arrived(String row, long change) {
        rows.computeIfAbsent(row, r -> new Arrivals()).add(change);
    }

    @Override
    public String statement() {
        return "The changes of one row arrive in the order of their commits.";
    }

    @Override
    public synchronized List<Violation> violations() {
        List<Violation> violations = new ArrayList<>();
        rows.forEach((row, arrivals) -> {
            arrivals.late.forEach(late -> violations.add(new Violation(row, late)));
            if (arrivals.last < arrivals.highest) {
                violations.add(new Violation(
                        row,
                        "the last to arrive is change " + arrivals.last + ", but change " + arrivals.highest
                                + " came before it"));
            }
        });
        return violations;
    }

    private static final class Arrivals {
        private final Set<Long> seen = new HashSet<>();
        private final List<String> late = new ArrayList<>();
        private long highest = Long.MIN_VALUE;
        private long last = Long.MIN_VALUE;

        void add(long change) {
            if (seen.add(change) && change < highest) {
                late.add("change " + change + " arrived for the first time after change " + highest);
            }
            highest = Math.max(highest, change);
            last = change;
        }
    }
}
