package io.tidemark.positions.console;

import io.tidemark.positions.position.Badge;
import io.tidemark.positions.position.Health;
import io.tidemark.positions.recovery.RecoveryReport;
import io.tidemark.positions.recovery.StoreRecovery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The top of the page. Immutable.
 *
 * @param percent the health
 * @param alert whether it is below the line
 * @param healthy stores that are healthy
 * @param attention stores that need attention
 * @param missing stores by badge
 * @param reset stores by badge
 * @param calculated stores by badge
 * @param recommendations what to do
 * @param lastRecovery the last recovery in words; empty for none
 * @param lastRecoveryAt when it was
 */
public record Overview(
        int percent,
        boolean alert,
        long healthy,
        long attention,
        long missing,
        long reset,
        long calculated,
        List<String> recommendations,
        String lastRecovery,
        String lastRecoveryAt) {

    static Overview of(Health health, Optional<RecoveryReport> last) {
        return new Overview(
                health.percent(),
                health.alert(),
                health.healthy(),
                health.needingAttention(),
                health.count(Badge.MISSING),
                health.count(Badge.RESET),
                health.count(Badge.CALCULATED),
                health.recommendations(),
                last.map(Overview::inWords).orElse(""),
                last.map(RecoveryReport::at).map(Instant::toString).orElse(""));
    }

    private static String inWords(RecoveryReport report) {
        return report.why() + ": " + report.count(StoreRecovery.Outcome.RESTORED) + " restored, "
                + report.count(StoreRecovery.Outcome.NEW) + " new, " + report.count(StoreRecovery.Outcome.FAILED)
                + " failed, in " + report.took().toMillis() + " ms";
    }
}
