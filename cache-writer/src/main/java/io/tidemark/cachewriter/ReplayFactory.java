package io.tidemark.cachewriter;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.tidemark.cachewriter.apply.BatchApplier;
import io.tidemark.cachewriter.apply.BatchOutcome;
import io.tidemark.cachewriter.apply.Incoming;
import io.tidemark.cachewriter.dependents.Marker;
import io.tidemark.cachewriter.dependents.Namings;
import io.tidemark.cachewriter.dependents.Refresher;
import io.tidemark.cachewriter.jobs.Jobs;
import io.tidemark.cachewriter.kafka.KafkaAudit;
import io.tidemark.cachewriter.kafka.OwnTopics;
import io.tidemark.cachewriter.past.History;
import io.tidemark.cachewriter.rebuild.OnlyMemory;
import io.tidemark.cachewriter.redis.RedisStore;
import io.tidemark.cachewriter.replay.Applying;
import io.tidemark.cachewriter.replay.Audit;
import io.tidemark.cachewriter.replay.ReplayWatch;
import io.tidemark.cachewriter.replay.Replays;
import io.tidemark.cachewriter.table.ShapeWatch;
import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.cachewriter.table.Tables;
import io.tidemark.core.pipeline.Pipeline;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Wires what applies changes once more because a person asked for it. */
@Factory
final class ReplayFactory {
    private static final long PATIENCE_MILLIS = 5_000;

    private final WriterSettings settings;

    ReplayFactory(WriterSettings settings) {
        this.settings = settings;
    }

    @Bean(preDestroy = "close")
    @Singleton
    KafkaAudit audit(History history) {
        return new KafkaAudit(
                OwnTopics.producer(settings.kafkaClient()),
                pipeline().kafka().topics().audit(),
                history);
    }

    @Singleton
    Replays replays(
            Tables tables,
            ShapeWatch shapes,
            History history,
            RedisStore redis,
            Refresher refresher,
            Audit audit,
            LifeWatch life,
            Jobs jobs) {
        Applying.Maker applying = (entries, bumps, queryCaches, apart) -> {
            SourceSession source = session();
            Namings namings = new Namings(pipeline().queries().caches().stream()
                    .filter(cache -> queryCaches.contains(cache.name()))
                    .toList());
            BatchApplier applier = new BatchApplier(
                    tables,
                    shapes::look,
                    entries,
                    bumps ? redis.tags() : new OnlyMemory(redis.tags()),
                    new Marker(namings, redis.due(), refresher::wake),
                    (record, reason) -> {},
                    source,
                    apart,
                    PATIENCE_MILLIS);
            return new Applying() {
                @Override
                public BatchOutcome apply(List<Incoming> records) {
                    return applier.apply(records);
                }

                @Override
                public void close() {
                    source.close();
                }
            };
        };
        Replays.Tools tools =
                new Replays.Tools(pipeline(), tables, history, redis.entries(), applying, this::session, life::seen);
        return new Replays(tools, jobs, redis.replays(), audit, Clock.systemUTC());
    }

    @Context
    @Bean(preDestroy = "close")
    ReplayWatch replayWatch(Replays replays, Gate gate) {
        ReplayWatch watch = new ReplayWatch(replays, gate::isOpen);
        watch.begin();
        return watch;
    }

    private SourceSession session() {
        return new SourceSession(settings.source()::connect, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }

    private Pipeline pipeline() {
        return settings.file().pipeline();
    }
}
