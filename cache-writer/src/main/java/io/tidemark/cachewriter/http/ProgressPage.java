package io.tidemark.cachewriter.http;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.tidemark.cachewriter.Gate;
import io.tidemark.cachewriter.entries.WriteResult;
import io.tidemark.cachewriter.rebuild.Rebuilds;
import io.tidemark.cachewriter.redis.KeyCount;
import io.tidemark.cachewriter.stats.FreshnessWindow;
import io.tidemark.cachewriter.stats.WriterStats;
import org.jspecify.annotations.Nullable;

/** Says how far the writer is and how fresh Redis. */
@Controller("/api/progress")
final class ProgressPage {
    private static final int WINDOW_SECONDS = 10;

    private final Gate gate;
    private final WriterStats stats;
    private final KeyCount keys;
    private final Rebuilds rebuilds;

    ProgressPage(Gate gate, WriterStats stats, KeyCount keys, Rebuilds rebuilds) {
        this.rebuilds = rebuilds;
        this.gate = gate;
        this.stats = stats;
        this.keys = keys;
    }

    @Get
    @ExecuteOn(TaskExecutors.IO)
    Progress progress() {
        FreshnessWindow.Freshness fresh = stats.freshness();
        return new Progress(
                gate.waitingFor(),
                stats.applied(),
                new Results(
                        stats.count(WriteResult.WRITTEN),
                        stats.count(WriteResult.EVICTED),
                        stats.count(WriteResult.ABSENT),
                        stats.count(WriteResult.OLDER)),
                new Freshness(WINDOW_SECONDS, fresh.changes(), fresh.p50Millis(), fresh.p99Millis(), fresh.maxMillis()),
                keys.count(),
                stats.records(),
                stats.deadLetters(),
                stats.rowsReadAgain(),
                stats.resyncs(),
                stats.rewinds(),
                stats.redisFailures(),
                stats.tagsBumped(),
                stats.tagsGuessed(),
                stats.entriesSwept(),
                rebuild(rebuilds.progress()));
    }

    private static @Nullable Rebuild rebuild(Rebuilds.@Nullable Progress now) {
        return now == null
                ? null
                : new Rebuild(
                        now.running(),
                        now.percent(),
                        now.partitions(),
                        now.offsetsLeft(),
                        now.records(),
                        now.written(),
                        now.seconds());
    }

    /**
     * The answer; counts are since the service started.
     *
     * @param waitingFor what is waited for before changes are applied; null when they are
     * @param applied changes whose effect is in Redis
     * @param keys keys in Redis, Tidemark's own among them; null when Redis cannot say
     * @param rebuild null when there was none since the start
     * @param tagsGuessed times every tag of a template was made stale, since nobody knew what a row was before
     */
    @Serdeable
    record Progress(
            @Nullable String waitingFor,
            long applied,
            Results results,
            Freshness freshness,
            @Nullable Long keys,
            long records,
            long deadLetters,
            long rowsReadAgain,
            long resyncs,
            long rewinds,
            long redisFailures,
            long tagsBumped,
            long tagsGuessed,
            long entriesSwept,
            @Nullable Rebuild rebuild) {}

    /**
     * The present or the last rebuild of a Redis that was emptied or restarted.
     *
     * @param partitionsLeft partitions whose past is still missing
     * @param offsetsLeft offsets that are still to be gone through, of those partitions that were begun
     * @param records read from Kafka for it
     * @param written entries written by it; changes that came meanwhile have written others
     * @param seconds how long it has taken
     */
    @Serdeable
    record Rebuild(
            boolean running,
            int percent,
            int partitionsLeft,
            long offsetsLeft,
            long records,
            long written,
            double seconds) {}

    /**
     * What became of the applied changes.
     *
     * @param older changes that Redis had seen already, or a newer one of the same entry
     */
    @Serdeable
    record Results(long written, long evicted, long absent, long older) {}

    /** Milliseconds from commit until Redis had answered, over the window. */
    @Serdeable
    record Freshness(int windowSeconds, long changes, double p50Millis, double p99Millis, double maxMillis) {}
}
