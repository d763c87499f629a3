package io.tidemark.cli.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PacerTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void rows_are_spread_evenly_at_the_rate() {
        Pacer pacer = new Pacer(200, 0);
        long now = 0;
        int rows = 0;
        while (now < 10 * SECOND) {
            long wait = pacer.nanosToWait(now);
            now += wait;
            if (now < 10 * SECOND) {
                rows++;
                pacer.spend(1);
            }
            assertThat(wait).isLessThanOrEqualTo(SECOND / 200 + 1);
        }
        assertThat(rows).isCloseTo(2_000, within(2));
    }

    @Test
    void a_transaction_of_many_rows_is_paid_for_by_a_longer_wait() {
        Pacer pacer = new Pacer(100, 0);
        pacer.spend(50);
        assertThat(pacer.nanosToWait(0)).isEqualTo(SECOND / 2);
    }

    @Test
    void an_estimate_that_was_too_high_is_given_back() {
        Pacer pacer = new Pacer(100, 0);
        pacer.spend(50);
        pacer.spend(-40);
        assertThat(pacer.nanosToWait(0)).isEqualTo(SECOND / 10);
    }

    @Test
    void what_a_pause_left_undone_does_not_come_in_one_burst() {
        Pacer pacer = new Pacer(1_000, 0);
        long now = 60 * SECOND;
        int burst = 0;
        while (pacer.nanosToWait(now) == 0) {
            pacer.spend(1);
            burst++;
        }
        assertThat(burst).isLessThanOrEqualTo(201);
    }

    @Test
    void a_rate_of_nothing_is_refused() {
        assertThatThrownBy(() -> new Pacer(0, 0)).hasMessageContaining("above 0");
        assertThatThrownBy(() -> new Pacer(Double.NaN, 0)).hasMessageContaining("above 0");
    }
}
