package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What a demo says of its freshness at the end. */
class RunFreshnessTest {
    private final RunFreshness freshness = new RunFreshness();

    private void seen(double seconds, double p50, double p99) {
        freshness.seen(Duration.ofMillis(Math.round(seconds * 1000)), OptionalDouble.of(p50), OptionalDouble.of(p99));
    }

    @Test
    void the_first_twenty_seconds_are_told_apart() {
        seen(0.5, 800, 12_000);
        seen(19.9, 400, 13_000);
        seen(20.1, 30, 90);
        seen(21, 10, 120);
        seen(22, 20, 100);

        assertThat(freshness.p50Millis()).hasValue(20);
        assertThat(freshness.p99Millis()).hasValue(120);
        assertThat(freshness.firstP99Millis()).hasValue(13_000);
    }

    @Test
    void a_short_run_has_only_them() {
        seen(3, 400, 13_000);
        freshness.seen(Duration.ofSeconds(4), OptionalDouble.empty(), OptionalDouble.empty());

        assertThat(freshness.p50Millis()).hasValue(400);
        assertThat(freshness.p99Millis()).hasValue(13_000);
    }

    @Test
    void without_changes_there_is_none() {
        assertThat(freshness.p50Millis()).isEmpty();
        assertThat(freshness.p99Millis()).isEmpty();
        assertThat(freshness.firstP99Millis()).isEmpty();
    }
}
