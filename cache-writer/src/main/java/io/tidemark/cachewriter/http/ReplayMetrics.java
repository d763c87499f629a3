package io.tidemark.cachewriter.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tidemark.cachewriter.replay.Counts;
import io.tidemark.cachewriter.replay.Replays;
import jakarta.inject.Singleton;

/** What replays did, as metrics. */
@Singleton
final class ReplayMetrics implements MeterBinder {
    private final Replays replays;

    ReplayMetrics(Replays replays) {
        this.replays = replays;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counter(registry, "tidemark.replay.records", "Records that replays have read, dry runs too", Counts.RECORDS);
        counter(registry, "tidemark.replay.refused", "Changes that fences refused them", Counts.REFUSED);
        counter(registry, "tidemark.replay.entries", "Entries that they wrote", Counts.WRITTEN);
        counter(
                registry,
                "tidemark.replay.orphans.removed",
                "Entries that they removed, as neither Kafka nor PostgreSQL knows of them",
                Counts.ORPHANS_REMOVED);
    }

    private void counter(MeterRegistry registry, String name, String what, String count) {
        FunctionCounter.builder(name, replays, all -> all.ever(count))
                .description(what)
                .register(registry);
    }
}
