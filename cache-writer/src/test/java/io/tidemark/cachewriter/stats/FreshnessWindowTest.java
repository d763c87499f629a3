package io.tidemark.cachewriter.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FreshnessWindowTest {
    private static final long START = 1_700_000_000_000_000L;
    private static final long SECOND = 1_000_000L;

    private final FreshnessWindow window = new FreshnessWindow();

    @Test
    void percentilesAreOfTheChangesInTheWindow() {
        window.record(START, 5_000, 98);
        window.record(START + SECOND, 40_000, 2);

        FreshnessWindow.Freshness fresh = window.look(START + 2 * SECOND);

        assertThat(fresh.changes()).isEqualTo(100);
        assertThat(fresh.p50Millis()).isCloseTo(5, within(0.1));
        assertThat(fresh.p99Millis()).isCloseTo(40, within(0.5));
    }

    @Test
    void whatIsTenSecondsOldCountsNoMore() {
        window.record(START, 5_000, 1);
        assertThat(window.look(START + 9 * SECOND).changes()).isEqualTo(1);
        assertThat(window.look(START + 10 * SECOND).changes()).isZero();

        window.record(START + 10 * SECOND, 7_000, 3);
        assertThat(window.look(START + 10 * SECOND).changes()).isEqualTo(3);
        assertThat(window.look(START + 10 * SECOND).p50Millis()).isCloseTo(7, within(0.1));
    }

    @Test
    void clocksApartDoNotMakeItNegative() {
        window.record(START, -1_000_000, 1);
        assertThat(window.look(START).maxMillis()).isZero();
    }
}
