package io.tidemark.cachewriter.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cachewriter.history.Points.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PointsTest {
    private static final Instant TEN = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void eachPointIsWhatCameInItsMinute() {
        List<Point> points = Points.of(samples(0, 100, 1, 107, 2, 107), MINUTE);
        assertThat(points)
                .containsExactly(
                        new Point(TEN.plus(MINUTE), 1, hits(7, 1), false),
                        new Point(TEN.plus(MINUTE.multipliedBy(2)), 1, hits(0, 2), false));
    }

    @Test
    void theFirstSampleOnlySaysWhatWasThereBefore() {
        assertThat(Points.of(samples(0, 1_000_000), MINUTE)).isEmpty();
        assertThat(Points.of(samples(), MINUTE)).isEmpty();
    }

    @Test
    void minutesWithoutASampleAreCountedWithTheNextOne() {
        assertThat(Points.of(samples(0, 0, 10, 50), MINUTE))
                .containsExactly(new Point(TEN.plus(Duration.ofMinutes(10)), 10, hits(50, 10), false));
    }

    @Test
    void longerStepsAddUpAndBeginAtWholeOnes() {
        List<Point> points = Points.of(samples(4, 0, 5, 1, 6, 3, 9, 10, 10, 20), Duration.ofMinutes(5));
        assertThat(points)
                .containsExactly(
                        new Point(TEN.plus(Duration.ofMinutes(5)), 5, hits(10, 9), false),
                        new Point(TEN.plus(Duration.ofMinutes(10)), 1, hits(10, 10), false));
    }

    @Test
    void aCountingThatBeganAnewIsSaidOfItsPoint() {
        List<Point> points = Points.of(samples(0, 500, 1, 3, 2, 5), Duration.ofMinutes(5));
        assertThat(points).containsExactly(new Point(TEN, 2, hits(5, 2), true));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 1", "6, 5", "25, 5", "26, 15", "72, 15"})
    void thereAreNeverMoreThanThreeHundredPoints(int hours, int minutes) {
        Duration step = Points.step(Duration.ofHours(hours));
        assertThat(step).isEqualTo(Duration.ofMinutes(minutes));
        assertThat(Duration.ofHours(hours).dividedBy(step)).isLessThanOrEqualTo(300);
    }

    /** Pairs of a minute and the hits counted until then; as many keys as minutes. */
    private static SortedMap<Instant, Sample> samples(int... pairs) {
        SortedMap<Instant, Sample> samples = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            samples.put(TEN.plus(MINUTE.multipliedBy(pairs[i])), hits(pairs[i + 1], pairs[i]));
        }
        return samples;
    }

    private static Sample hits(long hits, long keys) {
        return new Sample(hits, 0, 0, 0, 0, keys, 0);
    }
}
