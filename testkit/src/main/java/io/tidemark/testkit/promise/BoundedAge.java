package io.tidemark.testkit.promise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whoever reads by way of copies sees nothing older than what was true a bound ago. States of a key are numbered upwards by whoever
 * writes it.
 */
public final class BoundedAge implements Promise {

    private final Duration bound;
    private final Map<String, TreeMap<Long, Long>> states = new HashMap<>();
    private final List<Violation> violations = new ArrayList<>();
    private long reads;

    public BoundedAge(Duration bound) {
        this.bound = bound;
    }

    /**
     * A state of a key was written, and the server had said so at this moment.
     *
     * @param nanos of {@link System#nanoTime}
     */
    public synchronized void written(String key, long state, long nanos) {
        states.computeIfAbsent(key, any -> new TreeMap<>()).merge(nanos, state, Math::max);
    }

    /**
     * A reader that asked at this moment was given a state.
     *
     * @param nanos of {@link System#nanoTime}, before the read
     */
    public synchronized void read(String key, long state, long nanos) {
        reads++;
        TreeMap<Long, Long> written = states.getOrDefault(key, new TreeMap<>());
        Map.Entry<Long, Long> due = written.floorEntry(nanos - bound.toNanos());
        if (due != null && due.getValue() > state) {
            violations.add(new Violation(
                    key,
                    "was read as " + state + " although " + due.getValue() + " had been written "
                            + Duration.ofNanos(nanos - due.getKey()).toMillis() + " ms before"));
        }
    }

    /** How many reads were judged. */
    public synchronized long reads() {
        return reads;
    }

    @Override
    public String statement() {
        return "A copy that is served is no older than what was true " + bound.toMillis() + " ms before.";
    }

    @Override
    public synchronized List<Violation> violations() {
        return List.copyOf(violations);
    }
}
