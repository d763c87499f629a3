package io.tidemark.reconciler.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FigureTest {
    @Test
    void a_sample_says_no_more_nines_than_its_size_can() {
        assertThat(new Figure(0, 0).nines()).isZero();
        assertThat(new Figure(300, 0).nines()).isCloseTo(2, within(0.02));
        assertThat(new Figure(300_000, 0).nines()).isCloseTo(5, within(0.02));
        assertThat(new Figure(1000, 10).nines()).isCloseTo(-Math.log10(0.017), within(0.02));
        assertThat(new Figure(10, 10).nines()).isZero();
        assertThat(new Figure(1000, 10).share()).isEqualTo(0.99);
    }

    @Test
    void a_window_forgets_what_is_older_and_nothing_else() {
        Window minute = new Window(60_000, 12);
        minute.record(1_000_000, 10, 1);
        minute.record(1_030_000, 20, 0);

        assertThat(minute.figure(1_030_000)).isEqualTo(new Figure(30, 1));
        assertThat(minute.figure(1_054_999)).isEqualTo(new Figure(30, 1));
        assertThat(minute.figure(1_060_000)).isEqualTo(new Figure(20, 0));
        minute.record(1_200_000, 5, 0);
        assertThat(minute.figure(1_200_000)).isEqualTo(new Figure(5, 0));
    }

    @Test
    void an_alert_stays_for_ten_minutes() {
        AtomicLong now = new AtomicLong(Duration.ofDays(20_000).toMillis());
        CacheFigures figures = new CacheFigures(clock(now));
        figures.record(100, 0);
        assertThat(figures.isAlert()).isFalse();

        figures.record(100, 1);
        now.addAndGet(Duration.ofMinutes(9).toMillis());
        assertThat(figures.isAlert()).isTrue();
        assertThat(figures.minute()).isEqualTo(new Figure(0, 0));
        assertThat(figures.hour()).isEqualTo(new Figure(200, 1));
        now.addAndGet(Duration.ofMinutes(1).toMillis());
        assertThat(figures.isAlert()).isFalse();
        assertThat(figures.day()).isEqualTo(new Figure(200, 1));
    }

    private static java.time.Clock clock(AtomicLong now) {
        InstantSource source = () -> Instant.ofEpochMilli(now.get());
        return source.withZone(ZoneOffset.UTC);
    }
}
