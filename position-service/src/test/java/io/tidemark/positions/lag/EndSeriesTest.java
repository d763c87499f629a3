package io.tidemark.positions.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.positions.lag.EndSeries.Age;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EndSeriesTest {
    private static final Instant BEGIN = Instant.parse("2026-11-21T10:00:00Z");

    private final EndSeries series = new EndSeries();

    @Test
    void aRecordIsAsOldAsItsOffset() {
        series.add(at(0), 100);
        series.add(at(10), 110);
        series.add(at(20), 110);
        series.add(at(30), 140);
        assertThat(series.ageOf(140, at(30))).isEqualTo(Age.NONE);
        assertThat(series.ageOf(139, at(30))).isEqualTo(new Age(Duration.ZERO, false));
        assertThat(series.ageOf(109, at(30))).isEqualTo(new Age(Duration.ofSeconds(20), false));
        assertThat(series.ageOf(104, at(30))).isEqualTo(new Age(Duration.ofSeconds(25), false));
    }

    @Test
    void whatCameBeforeAnybodyLookedIsAtLeastSoOld() {
        series.add(at(0), 100);
        assertThat(series.ageOf(40, at(30))).isEqualTo(new Age(Duration.ofSeconds(30), true));
        assertThat(new EndSeries().ageOf(40, at(30))).isEqualTo(Age.NONE);
    }

    @Test
    void aPartitionMadeAnewBeginsAnew() {
        series.add(at(0), 100);
        series.add(at(10), 110);
        series.add(at(20), 3);
        assertThat(series.ageOf(0, at(25))).isEqualTo(new Age(Duration.ofSeconds(5), true));
    }

    @Test
    void threeDaysOfLooksTakeFewMomentsAndAgesStayNearlyRight() {
        int seconds = 72 * 3600;
        for (int second = 0; second <= seconds; second++) {
            series.add(at(second), 10L * second);
        }
        assertThat(series.size()).isLessThan(1_200);
        for (int age : new int[] {1, 10, 100, 1_000, 10_000, 100_000, 250_000}) {
            Age found = series.ageOf(10L * (seconds - age), at(seconds));
            assertThat(found.atLeast()).isFalse();
            assertThat(found.age().toSeconds()).isBetween((long) (age * 0.96) - 1, (long) (age * 1.04) + 1);
        }
    }

    private static Instant at(int seconds) {
        return BEGIN.plusSeconds(seconds);
    }
}
