package io.tidemark.positions.lag;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LagWindowTest {
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final LagWindow window = new LagWindow(WINDOW);
    private Instant now = Instant.parse("2026-11-21T10:00:00Z");

    @Test
    void aLookEverySecondForADayKeepsFewMarks() {
        Random random = new Random(7);
        long committed = 0;
        long end = 0;
        for (int second = 0; second < 24 * 3600; second++) {
            end += random.nextInt(5);
            committed = random.nextInt(7) == 0 ? end : committed;
            look(committed, end);
            assertThat(window.marks().size()).isLessThan(120);
        }
        assertThat(window.judge(true)).isEqualTo(LagState.OK);
    }

    @Test
    void aConsumerThatEndsIsStoppedAfterItsWindowAndNoSooner() {
        for (int second = 0; second < 300; second++) {
            look(second * 10L, second * 10L);
        }
        for (int second = 0; second < 60; second++) {
            look(2_990, 3_000 + second);
            assertThat(window.judge(false)).as("after %d s", second).isEqualTo(LagState.OK);
        }
        for (int second = 0; second < 7; second++) {
            look(2_990, 3_100 + second);
        }
        assertThat(window.judge(false)).isEqualTo(LagState.STOPPED);
        assertThat(window.judge(true)).isEqualTo(LagState.STALLED);
    }

    @Test
    void aMomentWithoutLagIsNotForgottenBetweenMarks() {
        for (int second = 0; second < 120; second++) {
            look(
                    second == 100 ? 1_000 : second < 100 ? 500 : 1_000,
                    second < 100 ? 1_000 : second == 100 ? 1_000 : 2_000);
        }
        assertThat(window.judge(true)).isEqualTo(LagState.OK);
    }

    @Test
    void aTopicMadeAnewIsNoRewind() {
        look(500, 500);
        look(500, 500);
        look(3, 10);
        assertThat(window.judge(true)).isEqualTo(LagState.OK);
        look(1, 10);
        assertThat(window.judge(true)).isEqualTo(LagState.REWOUND);
    }

    @Test
    void ratesAreThoseOfTheWindow() {
        for (int second = 0; second < 200; second++) {
            look(1_000 + second * 30L, 50_000 + second * 10L);
        }
        assertThat(window.consumedPerSecond()).isCloseTo(30, Offset.offset(0.5));
        assertThat(window.producedPerSecond()).isCloseTo(10, Offset.offset(0.5));
    }

    private void look(long committed, long end) {
        window.add(new Mark(now, committed, end));
        now = now.plusSeconds(1);
    }
}
