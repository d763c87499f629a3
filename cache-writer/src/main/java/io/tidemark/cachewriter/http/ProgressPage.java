package io.tidemark.cachewriter.http;

import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.serde.annotation.Serdeable;
import io.tidemark.cachewriter.Gate;
import io.tidemark.cachewriter.entries.WriteResult;
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

    ProgressPage(Gate gate, WriterStats stats, KeyCount keys) {
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
                stats.entriesSwept());
    }

    /**
     * The answer; counts are since the service started.
     *
     * @param waitingFor what is waited for before changes are applied; null when they are
     * @param applied changes whose effect is in Redis
     * @param keys keys in Redis, Tidemark's own among them; null when Redis cannot say
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
            long entriesSwept) {}

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
