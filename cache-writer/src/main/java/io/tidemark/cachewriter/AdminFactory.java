package io.tidemark.cachewriter;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.tidemark.cachewriter.admin.Asked;
import io.tidemark.cachewriter.admin.CacheDesk;
import io.tidemark.cachewriter.admin.CacheFigures;
import io.tidemark.cachewriter.admin.Clearing;
import io.tidemark.cachewriter.admin.ClientOperations;
import io.tidemark.cachewriter.admin.Explaining;
import io.tidemark.cachewriter.admin.HistorySources;
import io.tidemark.cachewriter.admin.Invalidating;
import io.tidemark.cachewriter.admin.KeptCaches;
import io.tidemark.cachewriter.admin.Keyspace;
import io.tidemark.cachewriter.admin.Optimizing;
import io.tidemark.cachewriter.admin.QueryMarks;
import io.tidemark.cachewriter.admin.RowCaches;
import io.tidemark.cachewriter.admin.WarmWatch;
import io.tidemark.cachewriter.admin.Warming;
import io.tidemark.cachewriter.dependents.DatabaseLoad;
import io.tidemark.cachewriter.dependents.Namings;
import io.tidemark.cachewriter.dependents.QueryWholes;
import io.tidemark.cachewriter.dependents.RefreshStats;
import io.tidemark.cachewriter.dependents.Refresher;
import io.tidemark.cachewriter.history.CacheHistory;
import io.tidemark.cachewriter.history.HistoryKeeper;
import io.tidemark.cachewriter.jobs.Jobs;
import io.tidemark.cachewriter.kafka.KafkaBacklog;
import io.tidemark.cachewriter.kafka.KafkaRowTopics;
import io.tidemark.cachewriter.redis.RedisStore;
import io.tidemark.cachewriter.resync.ResyncTimer;
import io.tidemark.cachewriter.resync.Resyncs;
import io.tidemark.cachewriter.resync.Wholes;
import io.tidemark.cachewriter.stats.WriterStats;
import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.cachewriter.table.Tables;
import io.tidemark.cachewriter.topics.RowTopics;
import io.tidemark.core.access.AccessTokens;
import io.tidemark.core.pipeline.Cache;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.QueryCache;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Wires what people do to the caches, beside {@link WriterFactory}, which wires what changes do. */
@Factory
final class AdminFactory {
    private final WriterSettings settings;

    AdminFactory(WriterSettings settings) {
        this.settings = settings;
    }

    @Singleton
    AccessTokens tokens() {
        return settings.tokens();
    }

    @Bean(preDestroy = "close")
    @Singleton
    Jobs jobs() {
        return new Jobs(Clock.systemUTC());
    }

    @Singleton
    KeptCaches.Opener caches(Tables tables, RedisStore redis, Refresher refresher) {
        QueryMarks queries = new QueryMarks(pipeline().queries().caches(), redis.due(), refresher::wake, name -> {
            RefreshStats stats = refresher.stats().get(name);
            return stats == null ? 0 : stats.due();
        });
        return new RowCaches(tables, this::session, redis.entries(), queries);
    }

    @Bean(preDestroy = "close")
    @Singleton
    KafkaBacklog backlog() {
        return new KafkaBacklog(
                settings.kafkaClient(), pipeline().kafka().topics().cacheWriterGroup());
    }

    @Singleton
    Asked asked(RedisStore redis) {
        return new Asked(pipeline(), redis.asked(), Clock.systemUTC());
    }

    @Singleton
    RowTopics rowTopics() {
        return new KafkaRowTopics(
                settings.kafkaClient(), table -> pipeline().kafka().topics().of(table));
    }

    @Singleton
    Warming warming(KeptCaches.Opener caches, Asked asked, RowTopics topics, RedisStore redis, Jobs jobs) {
        return new Warming(
                caches, new Warming.Means(redis.keyspace(), asked, topics), redis.warmings(), jobs, pipeline());
    }

    @Context
    @Bean(preDestroy = "close")
    WarmWatch warmWatch(Warming warming, Asked asked, Gate gate) {
        WarmWatch watch = new WarmWatch(warming, asked, gate::isOpen);
        watch.begin();
        return watch;
    }

    @Singleton
    CacheDesk desk(
            Jobs jobs,
            KeptCaches.Opener caches,
            Warming warming,
            RedisStore redis,
            WriterStats stats,
            KafkaBacklog backlog,
            Gate gate) {
        Keyspace keyspace = redis.keyspace();
        return new CacheDesk(
                jobs,
                new CacheFigures(keyspace, stats, jobs),
                warming,
                new Clearing(caches, keyspace, redis.entries()),
                new Invalidating(caches, keyspace, redis.entries(), redis.tags(), pipeline()),
                new Optimizing(
                        caches,
                        keyspace,
                        redis.tags(),
                        redis.entries(),
                        redis.lives(),
                        pipeline().upkeep().ttls()),
                new Explaining(caches, keyspace, backlog::records, gate::waitingFor));
    }

    @Singleton
    CacheHistory history(RedisStore redis) {
        return new CacheHistory(redis.history(), cacheNames(), Clock.systemUTC());
    }

    @Context
    @Bean(preDestroy = "close")
    HistoryKeeper historyKeeper(
            RedisStore redis, KeptCaches.Opener caches, WriterStats stats, Refresher refresher, Jobs jobs, Gate gate) {
        HistorySources sources = new HistorySources(
                redis.keyspace(),
                caches,
                stats,
                refresher::stats,
                jobs,
                pipeline().caches().stream().map(Cache::name).toList());
        HistoryKeeper keeper =
                new HistoryKeeper(redis.history(), sources, cacheNames(), gate::isOpen, Clock.systemUTC());
        keeper.begin();
        return keeper;
    }

    @Bean(preDestroy = "close")
    @Singleton
    ClientOperations clientOperations(RedisStore redis, Gate gate) {
        return ClientOperations.begin(redis.keyspace(), pipeline(), gate::isOpen);
    }

    private Set<String> cacheNames() {
        return Stream.concat(
                        pipeline().caches().stream().map(Cache::name),
                        pipeline().queries().caches().stream().map(QueryCache::name))
                .collect(Collectors.toSet());
    }

    @Singleton
    Resyncs resyncs(
            Namings namings,
            Tables tables,
            DatabaseLoad database,
            RowTopics topics,
            RedisStore redis,
            LifeWatch life,
            Jobs jobs) {
        QueryWholes queries = new QueryWholes(
                namings, tables, database, redis.entries(), redis.due(), redis.held(), Clock.systemUTC());
        Wholes wholes = new Wholes(
                pipeline(), tables, this::session, redis.entries(), redis.held(), queries::open, topics, life::seen);
        return new Resyncs(wholes, pipeline().upkeep(), redis.resyncs(), jobs, Clock.systemUTC());
    }

    @Context
    @Bean(preDestroy = "close")
    ResyncTimer resyncTimer(Resyncs resyncs, RedisStore redis, Gate gate) {
        ResyncTimer timer = new ResyncTimer(resyncs, redis.resyncs(), gate::isOpen, Clock.systemUTC());
        timer.begin();
        return timer;
    }

    private SourceSession session() {
        return new SourceSession(settings.source()::connect, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }

    private Pipeline pipeline() {
        return settings.file().pipeline();
    }
}
