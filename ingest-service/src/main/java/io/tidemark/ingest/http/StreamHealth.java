package io.tidemark.ingest.http;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import io.tidemark.ingest.IngestState;
import io.tidemark.ingest.StateBoard;
import jakarta.inject.Singleton;
import java.util.Map;
import org.reactivestreams.Publisher;

/** Ready while the stream runs here or stands by for one that does; otherwise it says why not. */
@Singleton
@Readiness
final class StreamHealth implements HealthIndicator {
    private final StateBoard board;

    StreamHealth(StateBoard board) {
        this.board = board;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        return Publishers.just(result(board.state()));
    }

    private static HealthResult result(IngestState state) {
        boolean up = state instanceof IngestState.Running || state instanceof IngestState.StandBy;
        return HealthResult.builder("stream", up ? HealthStatus.UP : HealthStatus.DOWN)
                .details(Map.of("state", state.word(), "reason", state.reason()))
                .build();
    }
}
