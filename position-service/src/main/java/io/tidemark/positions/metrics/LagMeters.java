package io.tidemark.positions.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.positions.lag.LagState;
import io.tidemark.positions.lag.LagWatch;

/**
 * How the cluster's consumer groups are, as metrics. Groups are anybody's, so none of them is a label: only how many there are
 * in each state, and how far the farthest is. Thread-safe.
 */
public final class LagMeters {
    private static final double MILLIS = 1_000.0;

    public LagMeters(MeterRegistry registry, LagWatch watch) {
        for (LagState state : LagState.values()) {
            Gauge.builder("tidemark.lag.groups", watch, w -> w.last()
                            .map(report -> (double) report.groups().stream()
                                    .filter(group -> group.state() == state)
                                    .count())
                            .orElse(Double.NaN))
                    .description("Consumer groups of the cluster in this state")
                    .tags("state", state.text())
                    .register(registry);
        }
        Gauge.builder("tidemark.lag.farthest.seconds", watch, w -> w.last()
                        .map(report -> report.groups().stream()
                                .mapToDouble(group -> group.behind().seconds())
                                .max()
                                .orElse(0))
                        .orElse(Double.NaN))
                .description("Age of the oldest record that some group has not consumed")
                .register(registry);
        Gauge.builder("tidemark.lag.look.age.seconds", watch, w -> w.age()
                        .map(age -> age.toMillis() / MILLIS)
                        .orElse(Double.NaN))
                .description("Since Kafka last said how far its groups are")
                .register(registry);
    }
}
