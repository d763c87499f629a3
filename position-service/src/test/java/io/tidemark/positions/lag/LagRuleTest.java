package io.tidemark.positions.lag;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Marks ten seconds apart, written as committed/end; the window is one minute. */
class LagRuleTest {
    private static final Instant BEGIN = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration WINDOW = Duration.ofMinutes(1);

    @ParameterizedTest
    @CsvSource({
        // it keeps up, or nothing comes
        "5/5 5/5 5/5 5/5 5/5 5/5 5/5,                      true,  OK",
        "5/5 5/5 5/5 5/5 5/5 5/5 5/5,                      false, OK",
        "0/9 3/12 9/15 12/18 18/18 18/21 20/24,            true,  OK",
        // it moves and comes nearer
        "0/90 10/92 20/94 30/96 40/98 50/99 60/100,        true,  OK",
        "0/90 10/92 20/94 30/96 40/98 50/99 60/100,        false, OK",
        // it moves, and the lag only swings
        "10/14 20/28 30/33 40/46 50/57 60/63 70/76,        true,  OK",
        // it moves, and the lag grows or stays
        "0/10 10/30 20/50 30/70 40/90 50/110 60/130,       true,  WARNING",
        "0/10 10/20 20/30 30/40 40/50 50/60 60/70,         true,  WARNING",
        "0/10 10/30 20/50 30/70 40/90 50/110 60/130,       false, WARNING",
        // it does not move
        "5/9 5/9 5/9 5/9 5/9 5/9 5/9,                      true,  STALLED",
        "5/9 5/10 5/11 5/12 5/13 5/14 5/15,                true,  STALLED",
        "5/9 5/9 5/9 5/9 5/9 5/9 5/9,                      false, STOPPED",
        "5/9 5/10 5/11 5/12 5/13 5/14 5/15,                false, STOPPED",
        // it had caught up within the window: what came since is not due yet
        "5/5 5/6 5/6 5/6 5/6 5/6 5/6,                      true,  OK",
        "5/5 5/6 5/6 5/6 5/6 5/6 5/6 5/6,                  true,  STALLED",
        // its offset went back
        "50/50 50/50 50/50 10/50 20/50 30/50 40/50,        true,  REWOUND",
        "50/50 10/50,                                      true,  REWOUND",
        "50/50 10/50,                                      false, REWOUND",
        "10/50 50/50 50/50 50/50 50/50 50/50 50/50,        true,  OK",
        "50/50 10/50 20/50 30/50 40/50 50/50 50/50,        true,  OK",
        // too little was seen
        "5/9,                                              true,  OK",
        "5/9 5/9 5/9 5/9 5/9 5/9,                          false, OK",
    })
    void aWindowDecides(String marks, boolean members, LagState state) {
        assertThat(LagRule.judge(marks(10, marks), members, WINDOW)).isEqualTo(state);
    }

    @Test
    void nothingSeenIsNothingWrong() {
        assertThat(LagRule.judge(List.of(), true, WINDOW)).isEqualTo(LagState.OK);
    }

    @Test
    void whoCommitsSeldomIsWaitedForTwiceAsLongAsUsual() {
        // Commits every four minutes: its window is eight.
        List<Mark> marks = marks(60, "0/9 40/49 40/50 40/51 40/52 80/90 80/91 80/92 80/93");
        assertThat(LagRule.length(marks, WINDOW)).isEqualTo(Duration.ofMinutes(8));
        assertThat(LagRule.judge(marks, true, WINDOW)).isNotIn(LagState.STALLED, LagState.STOPPED);

        List<Mark> silent = new ArrayList<>(marks);
        for (int minute = 9; minute <= 13; minute++) {
            silent.add(new Mark(BEGIN.plusSeconds(60L * minute), 80, 95));
        }
        assertThat(LagRule.judge(silent, false, WINDOW)).isEqualTo(LagState.STOPPED);
    }

    @Test
    void nobodyIsWaitedForLongerThanAnHour() {
        List<Mark> marks = marks(3_000, "0/9 40/49 80/90");
        assertThat(LagRule.length(marks, WINDOW)).isEqualTo(LagRule.LONGEST);
    }

    private static List<Mark> marks(int secondsApart, String text) {
        List<Mark> marks = new ArrayList<>();
        for (String mark : text.split(" ")) {
            String[] both = mark.split("/");
            marks.add(new Mark(
                    BEGIN.plusSeconds((long) secondsApart * marks.size()),
                    Long.parseLong(both[0]),
                    Long.parseLong(both[1])));
        }
        return marks;
    }
}
