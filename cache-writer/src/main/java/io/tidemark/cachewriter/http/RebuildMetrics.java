package io.tidemark.cachewriter.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tidemark.cachewriter.rebuild.Rebuilds;
import io.tidemark.cachewriter.rebuild.Rebuilds.Progress;
import jakarta.inject.Singleton;
import java.util.function.ToDoubleFunction;

/** How far a Redis that was emptied is rebuilt, as metrics. */
@Singleton
final class RebuildMetrics implements MeterBinder {
    private final Rebuilds rebuilds;

    RebuildMetrics(Rebuilds rebuilds) {
        this.rebuilds = rebuilds;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(
                registry,
                "tidemark.rebuild.partitions.left",
                "Partitions whose past Redis has lost",
                Progress::partitions);
        gauge(
                registry,
                "tidemark.rebuild.offsets.left",
                "Offsets a rebuild has still to go through, of the partitions it has begun",
                Progress::offsetsLeft);
        gauge(
                registry,
                "tidemark.rebuild.duration.seconds",
                "How long the present or the last rebuild has taken",
                Progress::seconds);
        FunctionCounter.builder("tidemark.rebuild.records", rebuilds, Rebuilds::recordsEver)
                .description("Records read to rebuild a Redis that was emptied or restarted")
                .register(registry);
        FunctionCounter.builder("tidemark.rebuild.entries", rebuilds, Rebuilds::writtenEver)
                .description("Entries written to rebuild it")
                .register(registry);
    }

    private void gauge(MeterRegistry registry, String name, String what, ToDoubleFunction<Progress> value) {
        Gauge.builder(name, rebuilds, all -> {
                    Progress now = all.progress();
                    return now == null ? 0 : value.applyAsDouble(now);
                })
                .description(what)
                .register(registry);
    }
}
