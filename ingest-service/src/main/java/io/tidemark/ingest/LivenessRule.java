package io.tidemark.ingest;

import java.time.Duration;
import java.time.Instant;

/** When ingest-service counts as dead: a pure rule. */
public final class LivenessRule {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** Debezium's heartbeat does not beat while it makes the slot and reads a table's first rows. */
    private static final Duration LIMIT_IN_SNAPSHOT = Duration.ofMinutes(5);

    private LivenessRule() {}

    /** What is wrong; empty when it is alive. Waiting for something outside is being alive. */
    public static String trouble(IngestState state, StreamProgress progress, Instant now) {
        if (state instanceof IngestState.Failing failing) {
            // A little early, so that who asks at the limit already hears it.
            return failing.longerThan(LIMIT.minusSeconds(2), now)
                    ? "failing since " + failing.since() + ": " + failing.reason()
                    : "";
        }
        if (!(state instanceof IngestState.Running)) {
            return "";
        }
        Duration limit = progress.isSnapshotDone() ? LIMIT : LIMIT_IN_SNAPSHOT;
        if (progress.silence().compareTo(limit) > 0 && progress.batchInHand().isZero()) {
            return "nothing has come from Debezium for " + progress.silence().toSeconds() + " s";
        }
        return progress.batchInHand().compareTo(LIMIT.multipliedBy(4)) > 0
                ? "a batch has not been acknowledged for "
                        + progress.batchInHand().toSeconds() + " s"
                : "";
    }
}
