package io.tidemark.positions;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.positions.kafka.GroupOffsets;
import io.tidemark.positions.kafka.UnreadRecords;
import io.tidemark.positions.lag.LagMemory;
import io.tidemark.positions.lag.LagWatch;
import io.tidemark.positions.metrics.LagMeters;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;

/** Puts together what watches how far consumer groups are behind. */
@Factory
final class LagFactory {
    private static final Duration WINDOW = Duration.ofSeconds(60);

    @Singleton
    @Bean(preDestroy = "close")
    GroupOffsets groupOffsets(Pipeline pipeline, Clock clock) {
        return new GroupOffsets(pipeline.kafka(), clock);
    }

    @Singleton
    @Bean(preDestroy = "close")
    UnreadRecords unreadRecords(Pipeline pipeline) {
        return new UnreadRecords(pipeline.kafka());
    }

    @Singleton
    LagMemory lagMemory(PositionSettings settings) {
        return new LagMemory(settings.lagHistory());
    }

    @Context
    @Bean(preDestroy = "close")
    LagWatch lagWatch(GroupOffsets offsets, UnreadRecords unread, LagMemory memory, Pipeline pipeline, Clock clock) {
        memory.begin(clock.instant());
        LagWatch watch = new LagWatch(offsets, unread, WINDOW, pipeline.kafka().prefix(), memory, clock);
        watch.start();
        return watch;
    }

    @Context
    LagMeters lagMeters(MeterRegistry registry, LagWatch watch) {
        return new LagMeters(registry, watch);
    }
}
