package io.tidemark.cli;

import java.util.ArrayDeque;
import java.util.Deque;

/** How fast a count grows, over the last five seconds. Time is a parameter, in nanoseconds. Not thread-safe. */
final class Rate {
    private static final long WINDOW = 5_000_000_000L;

    private record Point(long at, long count) {}

    private final Deque<Point> points = new ArrayDeque<>();

    /** Takes note of the count and gives its growth a second; 0 at first. */
    double at(long now, long count) {
        points.addLast(new Point(now, count));
        while (points.size() > 2 && now - points.getFirst().at() > WINDOW) {
            points.removeFirst();
        }
        Point first = points.getFirst();
        return now == first.at() ? 0 : (count - first.count()) * 1e9 / (now - first.at());
    }
}
