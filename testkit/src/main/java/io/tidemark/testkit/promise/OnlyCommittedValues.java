package io.tidemark.testkit.promise;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * No value is ever readable that was not committed at some moment. The writer reports each value before it commits it
 * (a commit whose answer was lost counts), and withdraws those it rolled back.
 */
public final class OnlyCommittedValues implements Promise {

    private final Map<String, Set<String>> committed = new HashMap<>();
    private final Map<String, Set<String>> read = new HashMap<>();

    /** The writer is about to commit this state of the row, or has done so. */
    public synchronized void committed(String key, String value) {
        committed.computeIfAbsent(key, k -> new HashSet<>()).add(value);
    }

    /** A reader saw this value. */
    public synchronized void read(String key, String value) {
        read.computeIfAbsent(key, k -> new HashSet<>()).add(value);
    }

    @Override
    public String statement() {
        return "No value is ever readable that was not committed at some moment.";
    }

    @Override
    public synchronized List<Violation> violations() {
        List<Violation> violations = new ArrayList<>();
        read.forEach((key, values) -> {
            Set<String> never = new HashSet<>(values);
            never.removeAll(committed.getOrDefault(key, Set.of()));
            never.forEach(value ->
                    violations.add(new Violation(key, "a reader saw " + value + ", which was never committed")));
        });
        return violations;
    }
}
