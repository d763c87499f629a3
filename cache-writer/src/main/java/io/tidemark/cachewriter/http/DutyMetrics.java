package io.tidemark.cachewriter.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tidemark.cachewriter.Gate;
import io.tidemark.cachewriter.dependents.RefreshStats;
import io.tidemark.cachewriter.dependents.Refresher;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.jobs.Jobs;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What the writer does beside the changes, as metrics: jobs, and caches that are read from the database. */
@Singleton
final class DutyMetrics implements MeterBinder {
    private final Gate gate;
    private final Jobs jobs;
    private final Refresher refresher;

    DutyMetrics(Gate gate, Jobs jobs, Refresher refresher) {
        this.gate = gate;
        this.jobs = jobs;
        this.refresher = refresher;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("tidemark.writer.open", gate, g -> g.isOpen() ? 1 : 0)
                .description("1 while changes are applied, 0 while something is waited for")
                .register(registry);
        for (Job.State state : List.of(Job.State.WAITING, Job.State.RUNNING)) {
            Gauge.builder("tidemark.jobs", jobs, j -> j.count(state))
                    .description("Jobs of the caches' admin that are not over")
                    .tag("state", name(state))
                    .register(registry);
        }
        for (Job.State state : Job.State.values()) {
            if (state.isOver()) {
                FunctionCounter.builder("tidemark.jobs.ended", jobs, j -> j.ended(state))
                        .description("Jobs of the caches' admin that ended, by how")
                        .tag("state", name(state))
                        .register(registry);
            }
        }
        refresher.stats().forEach((cache, stats) -> queries(cache, stats, registry));
    }

    private static void queries(String cache, RefreshStats stats, MeterRegistry registry) {
        Gauge.builder("tidemark.queries.due", stats, RefreshStats::due)
                .description("Entries that changes have made due and that are not read yet")
                .tag("cache", cache)
                .register(registry);
        counter(registry, cache, stats, "tidemark.queries.entries", "Entries read", RefreshStats::entriesRead);
        counter(registry, cache, stats, "tidemark.queries.statements", "Statements that took", RefreshStats::queries);
        counter(registry, cache, stats, "tidemark.queries.failures", "Statements that failed", RefreshStats::failures);
        counter(
                registry,
                cache,
                stats,
                "tidemark.queries.refused",
                "Entries that were too large or ambiguous",
                RefreshStats::refusals);
    }

    private static void counter(
            MeterRegistry registry,
            String cache,
            RefreshStats stats,
            String name,
            String what,
            ToDoubleFunction<RefreshStats> count) {
        FunctionCounter.builder(name, stats, count)
                .description(what)
                .tag("cache", cache)
                .register(registry);
    }

    private static String name(Job.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
