package io.tidemark.reconciler.http;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.reactivestreams.Publisher;

/** Shows on the readiness page what is waited for. */
@Singleton
@Readiness
final class ReadinessIndicator implements HealthIndicator {
    private final ServiceState state;

    ReadinessIndicator(ServiceState state) {
        this.state = state;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        Optional<String> waitingFor = state.waitingFor();
        HealthResult.Builder result =
                HealthResult.builder("reconciler", waitingFor.isEmpty() ? HealthStatus.UP : HealthStatus.DOWN);
        waitingFor.ifPresent(what -> result.details(Map.of("waitingFor", what)));
        return Publishers.just(result.build());
    }
}
