package io.tidemark.cachewriter.http;

import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Readiness;
import io.tidemark.cachewriter.Gate;
import io.tidemark.cachewriter.LifeWatch;
import io.tidemark.cachewriter.kafka.PollTrouble;
import io.tidemark.cachewriter.redis.Library;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Ready is a writer whose changes reach Redis; otherwise it says what is in the way. */
@Singleton
@Readiness
final class WriterReadiness implements HealthIndicator {
    private final Gate gate;
    private final LifeWatch life;
    private final Library library;
    private final PollTrouble trouble;

    WriterReadiness(Gate gate, LifeWatch life, Library library, PollTrouble trouble) {
        this.gate = gate;
        this.life = life;
        this.library = library;
        this.trouble = trouble;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        Map<String, String> reasons = new LinkedHashMap<>();
        add(reasons, "waitingFor", gate.waitingFor());
        add(reasons, "redis", life.problem());
        add(reasons, "library", gate.isOpen() ? library.problem() : null);
        add(reasons, "kafka", trouble.problem());
        return Mono.just(HealthResult.builder("writer", reasons.isEmpty() ? HealthStatus.UP : HealthStatus.DOWN)
                .details(reasons)
                .build());
    }

    private static void add(Map<String, String> reasons, String name, @Nullable String reason) {
        if (reason != null) {
            reasons.put(name, reason);
        }
    }
}
