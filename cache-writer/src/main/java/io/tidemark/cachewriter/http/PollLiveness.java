package io.tidemark.cachewriter.http;

import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import io.micronaut.management.health.indicator.annotation.Liveness;
import io.tidemark.cachewriter.kafka.PollLoop;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Alive is a writer that polls: a consumer that ended says nothing by itself, and the broker does not know why. */
@Singleton
@Liveness
final class PollLiveness implements HealthIndicator {
    private static final long MOST_MILLIS = 60_000;

    private final PollLoop loop;

    PollLiveness(PollLoop loop) {
        this.loop = loop;
    }

    @Override
    public Publisher<HealthResult> getResult() {
        long age = TimeUnit.NANOSECONDS.toMillis(System.nanoTime()) - loop.lastPollMillis();
        return Mono.just(HealthResult.builder("poll", age < MOST_MILLIS ? HealthStatus.UP : HealthStatus.DOWN)
                .details(Map.of("lastPollMillisAgo", age, "expectedWithinMillis", MOST_MILLIS))
                .build());
    }
}
