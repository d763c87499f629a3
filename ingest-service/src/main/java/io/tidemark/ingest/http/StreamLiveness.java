package io.tidemark.ingest.http;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Liveness;
import io.tidemark.ingest.LivenessRule;
import io.tidemark.ingest.StateBoard;
import io.tidemark.ingest.StreamProgress;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import org.reactivestreams.Publisher;

/** Dead when the stream has been failing, or stuck, for half a minute. */
@Singleton
@Liveness
final class StreamLiveness implements HealthIndicator {
    private final StateBoard board;
    private final StreamProgress progress;

    StreamLiveness(StateBoard board, StreamProgress progress) {
        this.board = board;
        this.progress = progress;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        String trouble = LivenessRule.trouble(board.state(), progress, Instant.now());
        return Publishers.just(HealthResult.builder("engine", trouble.isEmpty() ? HealthStatus.UP : HealthStatus.DOWN)
                .details(Map.of("reason", trouble))
                .build());
    }
}
