package io.tidemark.cachewriter.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tidemark.cachewriter.entries.WriteResult;
import io.tidemark.cachewriter.stats.WriterStats;
import io.tidemark.core.change.TableId;
import io.tidemark.core.process.Build;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What changes did to Redis, as metrics {@code tidemark_*} in base units; a label is a table's name or a fixed word. */
@Singleton
final class WriterMetrics implements MeterBinder {
    private static final Duration[] FRESHNESS_STEPS = {
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(40),
        Duration.ofMillis(80),
        Duration.ofMillis(160),
        Duration.ofMillis(320),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5)
    };

    private final WriterStats stats;

    WriterMetrics(WriterStats stats) {
        this.stats = stats;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
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
        counter(
                registry,
                "tidemark.invalidations.forwarded",
                "Records of the invalidation stream put on Kafka",
                WriterStats::invalidationsForwarded);
        counter(
                registry,
                "tidemark.entries.repaired",
                "Entries repaired or marked to be read, as the reconciler asked",
                WriterStats::entriesRepaired);
        counter(
                registry,
                "tidemark.repairs.refused",
                "Entries the reconciler named that no cache of this pipeline file can have",
                WriterStats::repairsRefused);
        Gauge.builder("tidemark.build.info", () -> 1)
                .description("1; its labels say which build runs")
                .tags("service", "cache-writer", "version", Build.versionOf(WriterMetrics.class), "java", Build.java())
                .register(registry);
        Timer freshness = Timer.builder("tidemark.freshness")
                .description("From the commit of an entry's oldest change until Redis had answered its write")
                .serviceLevelObjectives(FRESHNESS_STEPS)
                .register(registry);
        stats.watchedBy(new WriterStats.Watcher() {
            @Override
            public void counts(TableId table) {
                changesOf(table, registry);
            }

            @Override
            public void answered(long micros) {
                freshness.record(micros, TimeUnit.MICROSECONDS);
            }
        });
    }

    private void changesOf(TableId table, MeterRegistry registry) {
        for (WriteResult result : WriteResult.values()) {
            if (result.isSettled()) {
                FunctionCounter.builder("tidemark.changes.applied", stats, s -> s.count(table, result))
                        .description("Changes whose effect is in Redis, by what became of them")
                        .tags("table", table.toString(), "result", result.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
        }
    }

    private void counter(MeterRegistry registry, String name, String what, ToDoubleFunction<WriterStats> count) {
        FunctionCounter.builder(name, stats, count).description(what).register(registry);
    }
}
