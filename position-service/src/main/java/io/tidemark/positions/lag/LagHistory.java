package io.tidemark.positions.lag;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far groups were behind over the last 72 hours: the worst of every minute for three hours, of every ten minutes before. Bounded:
 * about 600 points for each of 200 series, groups before their topics. Thread-safe.
 */
public final class LagHistory {
    static final Duration KEPT = Duration.ofHours(72);
    static final int MOST_SERIES = 200;
    private static final Duration BY_MINUTE = Duration.ofHours(3);
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private final Map<Series, List<Point>> series = new LinkedHashMap<>();
    private final Map<Series, Point> thisMinute = new LinkedHashMap<>();
    private @Nullable Instant minute;

    /**
     * Whose history it is.
     *
     * @param topic empty for the whole group
     */
    public record Series(String group, String topic) {}

    /**
     * The worst of a minute, or of ten.
     *
     * @param at when it begins
     */
    public record Point(Instant at, long records, double seconds, LagState state) {
        private Point and(Point other) {
            return new Point(
                    at, Math.max(records, other.records), Math.max(seconds, other.seconds), state.worse(other.state));
        }
    }

    /** Takes a report in; answers the points of the minute before, when this is the first report of its minute. */
    synchronized Map<Series, Point> add(LagReport report) {
        Instant now = report.at().truncatedTo(ChronoUnit.MINUTES);
        Map<Series, Point> ended = Map.of();
        if (minute != null && now.isAfter(minute)) {
            ended = new LinkedHashMap<>(thisMinute);
            ended.forEach(this::keep);
            thisMinute.clear();
            forget(now);
        }
        minute = now;
        for (LagReport.Group group : report.groups()) {
            worst(new Series(group.name(), ""), group.behind(), group.state(), now);
        }
        for (LagReport.Group group : report.groups()) {
            for (LagReport.Topic topic : group.topics()) {
                worst(new Series(group.name(), topic.name()), topic.behind(), topic.state(), now);
            }
        }
        return ended;
    }

    private void worst(Series of, LagReport.Behind behind, LagState state, Instant now) {
        boolean isKnown = series.containsKey(of) || thisMinute.containsKey(of);
        if (isKnown || thisMinute.size() < MOST_SERIES) {
            thisMinute.merge(of, new Point(now, behind.records(), behind.seconds(), state), Point::and);
        }
    }

    /** Takes over a point that an earlier process kept; in the order of their times. */
    synchronized void goOnFrom(Series of, Point point) {
        keep(of, point);
    }

    private void keep(Series of, Point point) {
        if (series.containsKey(of) || series.size() < MOST_SERIES) {
            List<Point> points = series.computeIfAbsent(of, s -> new ArrayList<>());
            if (points.isEmpty() || points.get(points.size() - 1).at().isBefore(point.at())) {
                points.add(point);
            }
        }
    }

    /** Lets go what is too old, and makes ten minutes one. */
    synchronized void forget(Instant now) {
        Instant oldest = now.minus(KEPT);
        Instant byMinute = now.minus(BY_MINUTE);
        series.values().forEach(points -> {
            points.removeIf(point -> point.at().isBefore(oldest));
            int old = 0;
            while (old < points.size() && points.get(old).at().isBefore(byMinute)) {
                old++;
            }
            List<Point> tens = new ArrayList<>();
            for (Point point : points.subList(0, old)) {
                Point ten = new Point(begin(point.at()), point.records(), point.seconds(), point.state());
                int last = tens.size() - 1;
                if (last >= 0 && tens.get(last).at().equals(ten.at())) {
                    tens.set(last, tens.get(last).and(ten));
                } else {
                    tens.add(ten);
                }
            }
            points.subList(0, old).clear();
            points.addAll(0, tens);
        });
        series.values().removeIf(List::isEmpty);
    }

    private static Instant begin(Instant at) {
        long seconds = TEN_MINUTES.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), seconds) * seconds);
    }

    /** The points of one series since a moment, the oldest first, this minute's so far among them; none when nobody knows it. */
    public synchronized List<Point> points(Series of, Instant since) {
        List<Point> points = new ArrayList<>(series.getOrDefault(of, List.of()));
        Point now = thisMinute.get(of);
        if (now != null) {
            points.add(now);
        }
        points.removeIf(point -> point.at().isBefore(since));
        return points;
    }

    /** Every point, series by series. */
    synchronized Map<Series, List<Point>> all() {
        Map<Series, List<Point>> all = new LinkedHashMap<>();
        series.forEach((of, points) -> all.put(of, List.copyOf(points)));
        return all;
    }
}
