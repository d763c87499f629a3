package io.tidemark.positions.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.positions.lag.LagReport;
import io.tidemark.positions.lag.LagReport.Behind;
import io.tidemark.positions.lag.LagState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LagRowTest {

    @ParameterizedTest
    @CsvSource({
        "OK, 1200, 10, 30, 1 min",
        "OK, 90, 10, 30, 4.5 s",
        "OK, 5, 10, 30, –",
        "OK, 90, 10, 10, –",
        "OK, 0, 10, 10, –",
        "WARNING, 1200, 10, 9, not at this pace",
        "REWOUND, 72000, 0, 20, 60 min",
        "STALLED, 5, 0, 0, not at this pace",
        "WARNING, 9000000, 0, 1, not at this pace",
    })
    void whoComesNearerHasATimeToClear(LagState state, long records, double in, double out, String clear) {
        assertThat(row(state, new Behind(records, 7, false, null, in, out)).clear())
                .isEqualTo(clear);
    }

    @Test
    void whoKeepsUpHasNothingToClearThoughItSwings() {
        assertThat(row(LagState.OK, new Behind(29, 0.2, false, null, 243.1, 244.3))
                        .clear())
                .isEqualTo("–");
        assertThat(row(LagState.OK, new Behind(1_200, 60, false, null, 243.1, 244.3))
                        .clear())
                .isEqualTo("17 min");
    }

    @ParameterizedTest
    @CsvSource({
        "10, 30.5, '10.0 in, 30.5 out: -20.5'",
        "30, 10, '30.0 in, 10.0 out: +20.0'",
        "30, 30.04, '30.0 in, 30.0 out: +0.0'"
    })
    void theTrendIsBesideWhatComesAndGoes(double in, double out, String flow) {
        assertThat(row(LagState.OK, new Behind(90, 7, false, null, in, out)).flow())
                .isEqualTo(flow);
    }

    private static LagRow row(LagState state, Behind behind) {
        LagReport.Group group = new LagReport.Group("shop", state, "Stable", 2, behind, List.of());
        return LagRow.of(new LagReport(Instant.EPOCH, Duration.ZERO, Duration.ofSeconds(60), List.of(group)), "")
                .get(0);
    }
}
