package io.tidemark.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cli.screen.LiveLine.Drift;
import io.tidemark.cli.screen.LiveLine.Sample;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LiveLineTest {
    private static final Sample SAMPLE = new Sample(
            12_345,
            201.4,
            OptionalLong.of(12_340),
            OptionalDouble.of(6.31),
            OptionalDouble.of(18.7),
            OptionalLong.of(27_412),
            new Drift(0, Duration.ofSeconds(4)));

    @Test
    void a_wide_terminal_shows_everything() {
        assertThat(LiveLine.render(SAMPLE, 200))
                .isEqualTo("written 12,345 (201/s)  applied 12,340  freshness p50 6.3 ms p99 19 ms  keys 27,412"
                        + "  drift 0 (4 s ago)");
    }

    @Test
    void a_narrow_terminal_gets_one_line_still() {
        for (int width = 20; width < 200; width++) {
            assertThat(LiveLine.render(SAMPLE, width).length()).isLessThan(width);
        }
        assertThat(LiveLine.render(SAMPLE, 80)).contains("written", "applied", "p50", "p99", "keys", "drift 0");
    }

    @Test
    void what_is_not_known_yet_is_a_dash() {
        Sample nothing = new Sample(
                0, 0, OptionalLong.empty(), OptionalDouble.empty(), OptionalDouble.empty(), OptionalLong.empty(), null);
        assertThat(LiveLine.render(nothing, 200))
                .isEqualTo("written 0 (0/s)  applied –  freshness p50 – p99 –  keys –  drift –");
    }

    @Test
    void times_and_sizes_are_shown_in_the_unit_that_reads_best() {
        assertThat(Numbers.millis(OptionalDouble.of(9.94))).isEqualTo("9.9 ms");
        assertThat(Numbers.millis(OptionalDouble.of(9_999))).isEqualTo("9999 ms");
        assertThat(Numbers.millis(OptionalDouble.of(61_000))).isEqualTo("61 s");
        assertThat(Numbers.bytes(1_023)).isEqualTo("1023 B");
        assertThat(Numbers.bytes(1_536)).isEqualTo("1.5 KiB");
        assertThat(Numbers.bytes(3L << 30)).isEqualTo("3.0 GiB");
    }
}
