package io.tidemark.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LivenessRuleTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicLong nanos = new AtomicLong(1);
    private final StreamProgress progress = new StreamProgress(nanos::get);

    @Test
    void waitingAndStandingByAreAliveHoweverLong() {
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));

        assertThat(LivenessRule.trouble(new IngestState.Waiting("x"), progress, NOW))
                .isEmpty();
        assertThat(LivenessRule.trouble(new IngestState.StandBy("x"), progress, NOW))
                .isEmpty();
    }

    @Test
    void failingIsDeadWithinHalfAMinuteAndSaysWhy() {
        assertThat(LivenessRule.trouble(new IngestState.Failing("x", NOW.minusSeconds(5)), progress, NOW))
                .isEmpty();
        assertThat(LivenessRule.trouble(new IngestState.Failing("x", NOW.minusSeconds(30)), progress, NOW))
                .contains("x");
    }

    @Test
    void aSilentEngineIsDeadAfterHalfAMinute() {
        progress.begin(1, true, Map.of());
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(29));
        assertThat(trouble()).isEmpty();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        assertThat(trouble()).contains("Debezium");
        progress.alive();
        assertThat(trouble()).isEmpty();
    }

    @Test
    void aSnapshotMayTakeItsTimeToBegin() {
        progress.begin(1, false, Map.of());
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
        assertThat(trouble()).isEmpty();
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(5));
        assertThat(trouble()).contains("Debezium");
    }

    @Test
    void aBatchInHandIsGivenTimeUntilKafkaAnswers() {
        progress.begin(1, true, Map.of());
        progress.batchBegins();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
        assertThat(trouble()).isEmpty();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(61));
        assertThat(trouble()).contains("batch");
        progress.batchPublished(5);
        assertThat(trouble()).isEmpty();
    }

    private String trouble() {
        return LivenessRule.trouble(new IngestState.Running(), progress, NOW);
    }
}
