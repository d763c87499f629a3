package io.tidemark.positions.recovery;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The health percentage over the last hour; a {@link HealthFile} lets it outlive the process. Thread-safe. */
public final class HealthHistory {
    private static final Duration KEPT = Duration.ofHours(1);

    private final Deque<Sample> samples = new ArrayDeque<>();

    /**
     * The health at one moment.
     *
     * @param at when
     * @param percent healthy stores of all
     */
    public record Sample(Instant at, int percent) {}

    /** Adds a sample; one that says the same as the two before replaces the last, so that a change is never lost. */
    synchronized void add(Sample sample) {
        Sample last = samples.pollLast();
        if (last != null) {
            Sample beforeLast = samples.peekLast();
            boolean same =
                    beforeLast != null && beforeLast.percent() == last.percent() && last.percent() == sample.percent();
            if (!same) {
                samples.addLast(last);
            }
        }
        samples.addLast(sample);
        while (samples.size() > 1
                && samples.getFirst().at().isBefore(sample.at().minus(KEPT))) {
            samples.removeFirst();
        }
    }

    /** Takes over what an earlier process saw, as far as it is of the last hour. */
    synchronized void goOnFrom(List<Sample> earlier, Instant now) {
        earlier.stream()
                .filter(sample ->
                        !sample.at().isBefore(now.minus(KEPT)) && !sample.at().isAfter(now))
                .forEach(this::add);
    }

    /** The samples, the oldest first. */
    public synchronized List<Sample> samples() {
        return new ArrayList<>(samples);
    }
}
