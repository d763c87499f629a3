package io.tidemark.cachewriter;

import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.tidemark.cachewriter.admin.KeptCaches;
import io.tidemark.cachewriter.apply.BatchApplier;
import io.tidemark.cachewriter.dependents.DatabaseLoad;
import io.tidemark.cachewriter.dependents.Marker;
import io.tidemark.cachewriter.dependents.Namings;
import io.tidemark.cachewriter.dependents.Refresher;
import io.tidemark.cachewriter.entries.InOneLife;
import io.tidemark.cachewriter.invalidations.Forwarder;
import io.tidemark.cachewriter.kafka.InvalidationTopic;
import io.tidemark.cachewriter.kafka.KafkaAudit;
import io.tidemark.cachewriter.kafka.KafkaDeadLetters;
import io.tidemark.cachewriter.kafka.KafkaHistory;
import io.tidemark.cachewriter.kafka.KafkaInvalidations;
import io.tidemark.cachewriter.kafka.OffsetKeeper;
import io.tidemark.cachewriter.kafka.OwnTopics;
import io.tidemark.cachewriter.kafka.PollLoop;
import io.tidemark.cachewriter.kafka.RepairPoll;
import io.tidemark.cachewriter.kafka.TruncateCopies;
import io.tidemark.cachewriter.past.History;
import io.tidemark.cachewriter.rebuild.OnlyMemory;
import io.tidemark.cachewriter.rebuild.Rebuilder;
import io.tidemark.cachewriter.rebuild.Rebuilds;
import io.tidemark.cachewriter.redis.KeyCount;
import io.tidemark.cachewriter.redis.Library;
import io.tidemark.cachewriter.redis.RedisStore;
import io.tidemark.cachewriter.repair.Repairing;
import io.tidemark.cachewriter.stats.WriterStats;
import io.tidemark.cachewriter.table.Resync;
import io.tidemark.cachewriter.table.ShapeWatch;
import io.tidemark.cachewriter.table.SourceSession;
import io.tidemark.cachewriter.table.Tables;
import io.tidemark.cachewriter.tags.Sweeper;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.Topics;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Wires the service: the one place that knows all its parts. */
@Factory
final class WriterFactory {
    private static final LongSupplier MILLIS = () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    private static final long FENCE_TTL_MILLIS = TimeUnit.HOURS.toMillis(24);
    private static final long PATIENCE_MILLIS = 5_000;

    private final WriterSettings settings;

    WriterFactory(WriterSettings settings) {
        this.settings = settings;
    }

    @Singleton
    Gate gate() {
        return new Gate();
    }

    @Singleton
    WriterStats stats() {
        return new WriterStats(Clock.systemUTC());
    }

    @Singleton
    Tables tables() {
        return new Tables(pipeline());
    }

    @Bean(preDestroy = "close")
    @Singleton
    RedisStore redis() {
        return new RedisStore(pipeline().redis().requireServer(), FENCE_TTL_MILLIS);
    }

    @Singleton
    Library library(RedisStore redis) {
        return redis.library();
    }

    @Singleton
    KeyCount keyCount(RedisStore redis) {
        return redis.keyCount();
    }

    @Singleton
    LifeWatch life(RedisStore redis) {
        return new LifeWatch(redis.incarnations());
    }

    @Singleton
    Resync resync(Tables tables, RedisStore redis, WriterStats stats) {
        return new Resync(tables, session(), redis.entries(), redis.shapeMemory(), stats);
    }

    @Singleton
    ShapeWatch shapes(Tables tables, RedisStore redis, Resync resync) {
        return new ShapeWatch(tables, session(), redis.shapeMemory(), resync);
    }

    @Bean(preDestroy = "close")
    @Singleton
    KafkaDeadLetters deadLetters() {
        return new KafkaDeadLetters(
                OwnTopics.producer(settings.kafkaClient()),
                pipeline().kafka().topics().deadLetters());
    }

    @Bean(preDestroy = "close")
    @Singleton
    TruncateCopies truncateCopies() {
        return new TruncateCopies(settings.kafkaClient());
    }

    @Singleton
    Namings namings() {
        return new Namings(pipeline().queries().caches());
    }

    @Singleton
    DatabaseLoad databaseLoad() {
        return new DatabaseLoad(pipeline().queries().refresh(), this::session);
    }

    @Context
    @Bean(preDestroy = "close")
    Refresher refresher(Namings namings, Tables tables, RedisStore redis, DatabaseLoad database, Gate gate) {
        Refresher refresher = new Refresher(
                namings,
                tables,
                redis.entries(),
                redis.due(),
                redis.shapeMemory(),
                database,
                gate::isOpen,
                Clock.systemUTC());
        refresher.begin();
        return refresher;
    }

    @Singleton
    Rebuilds rebuilds() {
        return new Rebuilds(Clock.systemUTC());
    }

    @Singleton
    History history() {
        return new KafkaHistory(settings.kafkaClient());
    }

    @Context
    @Bean(preDestroy = "close")
    Rebuilder rebuilder(
            Gate gate,
            Rebuilds rebuilds,
            History history,
            Tables tables,
            ShapeWatch shapes,
            RedisStore redis,
            Refresher refresher) {
        // Counted apart: what is written once more says nothing of how fresh changes are.
        WriterStats apart = new WriterStats(Clock.systemUTC());
        InOneLife entries = new InOneLife(redis.entries());
        BatchApplier applier = new BatchApplier(
                tables,
                shapes::look,
                entries,
                new OnlyMemory(redis.tags()),
                new Marker(changed(), redis.due(), refresher::wake),
                (record, reason) -> {},
                session(),
                apart,
                PATIENCE_MILLIS);
        Rebuilder rebuilder = new Rebuilder(rebuilds, history, entries, applier, apart, gate::isOpen);
        rebuilder.begin();
        return rebuilder;
    }

    @Singleton
    PollLoop pollLoop(
            Gate gate,
            Rebuilds rebuilds,
            Tables tables,
            ShapeWatch shapes,
            RedisStore redis,
            Refresher refresher,
            KafkaDeadLetters deadLetters,
            TruncateCopies copies,
            LifeWatch life,
            WriterStats stats) {
        BatchApplier applier = new BatchApplier(
                tables,
                shapes::look,
                redis.entries(),
                redis.tags(),
                new Marker(changed(), redis.due(), refresher::wake),
                deadLetters,
                session(),
                stats,
                PATIENCE_MILLIS);
        OffsetKeeper offsets = new OffsetKeeper(life::seen, rebuilds, stats);
        return new PollLoop(applier, gate::isOpen, copies, offsets, stats, MILLIS);
    }

    @Context
    @Bean(preDestroy = "close")
    Sweeper sweeper(RedisStore redis, WriterStats stats, Gate gate) {
        Sweeper sweeper = new Sweeper(redis.tags(), stats, gate::isOpen);
        sweeper.begin();
        return sweeper;
    }

    @Bean(preDestroy = "close")
    @Singleton
    KafkaInvalidations invalidations() {
        return new KafkaInvalidations(
                InvalidationTopic.producer(settings.kafkaClient()),
                pipeline().kafka().topics().invalidations());
    }

    @Context
    @Bean(preDestroy = "close")
    Forwarder forwarder(RedisStore redis, KafkaInvalidations invalidations, WriterStats stats, Gate gate) {
        Forwarder forwarder = new Forwarder(
                redis.invalidations(), invalidations, pipeline().redis().streamLength(), stats, gate::isOpen);
        forwarder.begin();
        return forwarder;
    }

    @Context
    @Bean(preDestroy = "close")
    Start start(Gate gate, ShapeWatch shapes, Resync resync, Library library, LifeWatch life) {
        Start start = new Start(
                settings.file(),
                settings.waitForTables(),
                gate,
                shapes,
                resync,
                library,
                life,
                this::makeTopics,
                settings.exitCode());
        start.begin();
        return start;
    }

    /** The caches that changes reach, rather than a resync alone. */
    private Namings changed() {
        return new Namings(pipeline().queries().caches().stream()
                .filter(cache ->
                        pipeline().upkeep().resyncOf(cache.name()).strategy().followsChanges())
                .toList());
    }

    private void makeTopics() throws Exception {
        Topics topics = pipeline().kafka().topics();
        int replication = pipeline().kafka().replication();
        OwnTopics.make(settings.kafkaClient(), topics.deadLetters(), replication);
        OwnTopics.makeRepairs(settings.kafkaClient(), topics.repairs(), replication);
        KafkaAudit.make(settings.kafkaClient(), topics.audit(), replication);
        if (pipeline().redis().streamLength() > 0) {
            InvalidationTopic.make(settings.kafkaClient(), topics.invalidations(), replication);
        }
    }

    @Context
    @Bean(preDestroy = "close")
    RepairPoll repairs(Gate gate, KeptCaches.Opener caches, RedisStore redis, WriterStats stats) {
        Topics topics = pipeline().kafka().topics();
        RepairPoll poll = new RepairPoll(
                settings.kafkaClient(),
                topics.repairs(),
                topics.repairsGroup(),
                gate::isOpen,
                () -> new Repairing(caches.open(), redis.entries(), stats));
        poll.begin();
        return poll;
    }

    private SourceSession session() {
        return new SourceSession(settings.source()::connect, MILLIS);
    }

    private Pipeline pipeline() {
        return settings.file().pipeline();
    }
}
