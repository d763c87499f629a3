package io.tidemark.cachewriter.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tidemark.cachewriter.entries.WriteResult;
import io.tidemark.cachewriter.stats.WriterStats;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The writer's figures as metrics {@code tidemark_*}, in base units. */
@Singleton
final class WriterMetrics implements MeterBinder {
    private final WriterStats stats;

    WriterMetrics(WriterStats stats) {
        this.stats = stats;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (WriteResult result : WriteResult.values()) {
            if (result.isSettled()) {
                FunctionCounter.builder("tidemark.changes.applied", stats, s -> s.count(result))
                        .description("Changes whose effect is in Redis, by what became of them")
                        .tag("result", result.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
        }
        counter(registry, "tidemark.records", "Records taken from Kafka", WriterStats::records);
        counter(registry, "tidemark.batches", "Batches taken from Kafka", WriterStats::batches);
        counter(registry, "tidemark.dead.letters", "Records that could not be read", WriterStats::deadLetters);
        counter(registry, "tidemark.rows.read.again", "Rows read from PostgreSQL", WriterStats::rowsReadAgain);
        counter(registry, "tidemark.resyncs", "Caches filled anew after a change of shape", WriterStats::resyncs);
        counter(
                registry,
                "tidemark.rewinds",
                "Times Redis had lost data and all was applied again",
                WriterStats::rewinds);
        counter(registry, "tidemark.redis.failures", "Calls that Redis did not do", WriterStats::redisFailures);
        counter(registry, "tidemark.tags.bumped", "Tags made stale by changes", WriterStats::tagsBumped);
        counter(
                registry,
                "tidemark.tags.guessed",
                "Times every tag of a template was made stale, since nobody knew what a row was before",
                WriterStats::tagsGuessed);
        counter(registry, "tidemark.entries.swept", "Stale entries removed", WriterStats::entriesSwept);
        freshness(registry, "0.5", s -> s.freshness().p50Millis() / 1_000);
        freshness(registry, "0.99", s -> s.freshness().p99Millis() / 1_000);
    }

    private void counter(MeterRegistry registry, String name, String what, ToDoubleFunction<WriterStats> count) {
        FunctionCounter.builder(name, stats, count).description(what).register(registry);
    }

    private void freshness(MeterRegistry registry, String quantile, ToDoubleFunction<WriterStats> seconds) {
        Gauge.builder("tidemark.freshness.seconds", stats, seconds)
                .description("From commit until Redis had answered, over the last 10 s")
                .tag("quantile", quantile)
                .register(registry);
    }
}
