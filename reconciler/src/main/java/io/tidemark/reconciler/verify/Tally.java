package io.tidemark.reconciler.verify;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The counts of one cache while it is compared, and some examples of what differs. Thread-safe. */
public final class Tally {
    private static final int MOST_EXAMPLES = 10;

    private final Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);
    private final Map<Verdict, List<Example>> examples = new EnumMap<>(Verdict.class);
    private long rows;
    private long rowsEstimated = -1;
    private boolean complete;

    /**
     * An entry that differs.
     *
     * @param key the entry's key
     * @param kind what is wrong with it
     * @param version the entry's version, or none
     */
    public record Example(String key, Verdict kind, String version) {}

    synchronized void estimated(long estimate) {
        rowsEstimated = estimate;
    }

    /** Counts rows that were read, with how many were found right at once and how many have and need no entry. */
    synchronized void read(int count, int consistent, int notKept) {
        rows += count;
        counts.merge(Verdict.CONSISTENT, (long) consistent, Long::sum);
        counts.merge(Verdict.NOT_KEPT, (long) notKept, Long::sum);
    }

    /** Counts one entry after its second look. */
    synchronized void judged(String key, Verdict verdict, Entry entry) {
        counts.merge(verdict, 1L, Long::sum);
        if (verdict.isDrift()) {
            List<Example> list = examples.computeIfAbsent(verdict, kind -> new ArrayList<>());
            if (list.size() < MOST_EXAMPLES) {
                list.add(new Example(key, verdict, entry.version() == null ? "none" : entry.version()));
            }
        }
    }

    synchronized void completed() {
        complete = true;
    }

    /** How many entries were found so; GONE ones are of no interest. */
    public synchronized long count(Verdict verdict) {
        return counts.getOrDefault(verdict, 0L);
    }

    /** How many rows were read so far. */
    public synchronized long rows() {
        return rows;
    }

    /** About how many rows there are; -1 when that is not known. */
    public synchronized long rowsEstimated() {
        return rowsEstimated;
    }

    /** Whether all rows and all keys were looked at. */
    public synchronized boolean isComplete() {
        return complete;
    }

    /** Up to {@value #MOST_EXAMPLES} of each kind. */
    public synchronized List<Example> examples() {
        return examples.values().stream().flatMap(List::stream).toList();
    }

    /** How many entries differ. */
    public synchronized long drift() {
        return counts.entrySet().stream()
                .filter(count -> count.getKey().isDrift())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
