package io.tidemark.reconciler.http;

import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.tidemark.reconciler.sampler.Sampler;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.reactivestreams.Publisher;

/** Shows on the health page which caches had wrong entries of late. The service itself is well then: a restart would not help. */
@Singleton
final class ConsistencyIndicator implements HealthIndicator {
    private final Sampler sampler;

    ConsistencyIndicator(Sampler sampler) {
        this.sampler = sampler;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        List<String> wrong = sampler.figures().entrySet().stream()
                .filter(cache -> cache.getValue().isAlert())
                .map(Map.Entry::getKey)
                .toList();
        return Publishers.just(HealthResult.builder("consistency", HealthStatus.UP)
                .details(Map.of("alert", !wrong.isEmpty(), "caches", wrong))
                .build());
    }
}
