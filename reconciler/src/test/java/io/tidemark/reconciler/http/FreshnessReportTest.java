package io.tidemark.reconciler.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.freshness.Progress;
import java.time.Instant;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FreshnessReportTest {
    private static final Instant NOW = Instant.ofEpochMilli(10_000);

    @Test
    void nothing_is_said_of_what_is_not_known() {
        assertThat(FreshnessReport.of(null, null, null, NOW))
                .isEqualTo(new FreshnessReport(null, null, null, null, null, null));
        assertThat(FreshnessReport.of(null, at(16, 1), "0/20", NOW))
                .isEqualTo(new FreshnessReport(1, null, "0/10", "0/20", null, null));
    }

    @Test
    void behind_is_counted_to_the_end_of_the_wal() {
        assertThat(FreshnessReport.of(at(16, 9_400), at(24, 9_900), "1/0", NOW))
                .isEqualTo(new FreshnessReport(1, "0/10", "0/18", "1/0", (1L << 32) - 16, 600L));
        assertThat(FreshnessReport.of(at(16, 9_400), at(24, 9_900), null, NOW))
                .isEqualTo(new FreshnessReport(1, "0/10", "0/18", null, 8L, 600L));
    }

    @Test
    void nothing_is_behind_when_all_of_the_wal_is_applied() {
        assertThat(FreshnessReport.of(at(32, 1), at(32, 1), "0/20", NOW))
                .isEqualTo(new FreshnessReport(1, "0/20", "0/20", "0/20", 0L, 0L));
    }

    private static Progress at(long lsn, long millis) {
        return new Progress(1, lsn, millis * 1000, new TreeMap<>());
    }
}
