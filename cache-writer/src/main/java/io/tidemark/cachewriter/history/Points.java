package io.tidemark.cachewriter.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes a line of the samples that were kept: what came in each step of time. Pure. */
public final class Points {
    private static final long MOST_POINTS = 300;
    private static final List<Duration> STEPS =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15), Duration.ofMinutes(30));

    private Points() {}

    /**
     * One step.
     *
     * @param at when it begins, UTC
     * @param minutes how many minutes the counts are of: more than the step has where nobody counted before it, fewer where
     *     nobody counted in it
     * @param counts what came in it; keys and bytes at its end
     * @param beganAnew whether the counting began anew in it, so that the counts may be too low
     */
    public record Point(Instant at, long minutes, Sample counts, boolean beganAnew) {}

    /** The shortest step that gives no more than 300 points. */
    public static Duration step(Duration whole) {
        return STEPS.stream()
                .filter(step -> whole.dividedBy(step) <= MOST_POINTS)
                .findFirst()
                .orElse(STEPS.get(STEPS.size() - 1));
    }

    /**
     * The line.
     *
     * @param samples by the minute in which they were taken; the first one only says what was there before
     * @param step a whole number of minutes
     */
    public static List<Point> of(SortedMap<Instant, Sample> samples, Duration step) {
        SortedMap<Instant, Point> points = new TreeMap<>();
        Map.Entry<Instant, Sample> before = null;
        for (Map.Entry<Instant, Sample> sample : samples.entrySet()) {
            if (before != null) {
                long minutes =
                        Duration.between(before.getKey(), sample.getKey()).toMinutes();
                Instant at = begin(sample.getKey(), step);
                Point one = new Point(
                        at,
                        minutes,
                        sample.getValue().since(before.getValue()),
                        sample.getValue().beganAfter(before.getValue()));
                points.merge(at, one, Points::together);
            }
            before = sample;
        }
        return new ArrayList<>(points.values());
    }

    private static Point together(Point one, Point later) {
        return new Point(
                one.at(),
                one.minutes() + later.minutes(),
                one.counts().and(later.counts()),
                one.beganAnew() || later.beganAnew());
    }

    private static Instant begin(Instant moment, Duration step) {
        long seconds = step.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(moment.getEpochSecond(), seconds) * seconds);
    }
}
