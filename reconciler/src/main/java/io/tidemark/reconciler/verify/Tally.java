package io.tidemark.reconciler.verify;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The counts of one cache while it is compared, and some examples of what differs. Thread-safe. */
public final class Tally {
    /** How many examples of a kind are kept, unless more are asked for. */
    static final int FEW_EXAMPLES = 10;

    static final int MANY_EXAMPLES = 1000;

    private final int mostExamples;
    private final Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);
    private final Map<Verdict, Map<String, Example>> examples = new EnumMap<>(Verdict.class);
    private final Map<String, Long> causes = new TreeMap<>();
    private final Map<Repair, Long> repairs = new EnumMap<>(Repair.class);
    private long rows;
    private long rowsEstimated = -1;
    private boolean complete;
    private boolean limited;

    /** What became of entries that were to be repaired. */
    public enum Repair {
        /** It was asked for. */
        ASKED,
        /** The entry is right afterwards, or is written by the stream just now. */
        DONE,
        /** The entry still differs. */
        FAILED
    }

    /**
     * An entry that differs.
     *
     * @param key the entry's key
     * @param kind what is wrong with it
     * @param version the entry's version, or none
     * @param cause the name of the cause; unknown until it was looked for
     * @param evidence what speaks for it; empty until it was looked for
     */
    public record Example(String key, Verdict kind, String version, String cause, String evidence) {}

    Tally(int mostExamples) {
        this.mostExamples = mostExamples;
    }

    /** One that keeps a few examples of each kind. */
    public static Tally ofFewExamples() {
        return new Tally(FEW_EXAMPLES);
    }

    /** How many entries were judged to be right or wrong. */
    public synchronized long looked() {
        return count(Verdict.CONSISTENT) + drift();
    }

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
            Map<String, Example> some = examples.computeIfAbsent(verdict, kind -> new LinkedHashMap<>());
            if (some.size() < mostExamples) {
                String version = entry.version() == null ? "none" : entry.version();
                some.put(key, new Example(key, verdict, version, "unknown", ""));
            }
        }
    }

    /** Takes in why an entry that was judged differs. */
    public synchronized void explained(String key, Verdict verdict, String cause, String evidence) {
        causes.merge(cause, 1L, Long::sum);
        examples.getOrDefault(verdict, new LinkedHashMap<>())
                .computeIfPresent(key, (k, example) -> new Example(key, verdict, example.version(), cause, evidence));
    }

    /** Counts entries that were to be repaired. */
    public synchronized void repaired(Repair outcome, long entries) {
        repairs.merge(outcome, entries, Long::sum);
    }

    /** How many entries differ for each cause, by the causes' names. */
    public synchronized Map<String, Long> causes() {
        return new TreeMap<>(causes);
    }

    /** How many entries that were to be repaired came out so. */
    public synchronized long count(Repair outcome) {
        return repairs.getOrDefault(outcome, 0L);
    }

    synchronized void limited() {
        limited = true;
    }

    /** Whether as many rows were looked at as were ordered, and there are more. */
    public synchronized boolean isLimited() {
        return limited;
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

    /** Some of each kind. */
    public synchronized List<Example> examples() {
        return examples.values().stream()
                .flatMap(some -> some.values().stream())
                .toList();
    }

    /** How many entries differ. */
    public synchronized long drift() {
        return counts.entrySet().stream()
                .filter(count -> count.getKey().isDrift())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
