package io.tidemark.positions;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.tidemark.core.access.AccessTokens;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.positions.http.PositionDesk;
import io.tidemark.positions.http.Sessions;
import io.tidemark.positions.kafka.KafkaLayer;
import io.tidemark.positions.kafka.OrdersTable;
import io.tidemark.positions.metrics.PositionMeters;
import io.tidemark.positions.metrics.RecoveryMeters;
import io.tidemark.positions.metrics.TimedLayer;
import io.tidemark.positions.position.Beginnings;
import io.tidemark.positions.position.StoreSyncs;
import io.tidemark.positions.postgres.OrdersInDatabase;
import io.tidemark.positions.recovery.Journal;
import io.tidemark.positions.recovery.Layers;
import io.tidemark.positions.recovery.PositionWatch;
import io.tidemark.positions.recovery.Rewinds;
import io.tidemark.positions.recovery.SyncPositions;
import io.tidemark.positions.redis.RedisLayer;
import io.tidemark.positions.snapshot.Seal;
import io.tidemark.positions.snapshot.SnapshotLayer;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the positions together from plain constructors. */
@Factory
final class PositionsFactory {
    private static final TableId ORDERS = new TableId("tidemark", "feed_orders");
    private static final TableId PROGRESS = new TableId("tidemark", "feed_progress");
    private static final String STORE_COLUMN = "store";
    private static final String ID_COLUMN = "id";

    @Singleton
    @Requires(missingBeans = PositionSettings.class)
    PositionSettings settings() {
        return PositionSettings.of(System.getenv());
    }

    @Singleton
    @Requires(missingBeans = Pipeline.class)
    Pipeline pipeline(PositionSettings settings) {
        return PipelineFile.fromEnvironment(settings.environment()).pipeline();
    }

    @Singleton
    @Requires(missingBeans = Clock.class)
    Clock clock() {
        return Clock.systemUTC();
    }

    @Singleton
    Journal journal() {
        return new Journal();
    }

    @Singleton
    @Bean(preDestroy = "close")
    RedisLayer redis(Pipeline pipeline) {
        return RedisLayer.of(pipeline.redis().requireSingleServer());
    }

    @Singleton
    @Bean(preDestroy = "close")
    KafkaLayer kafka(Pipeline pipeline, PositionSettings settings) {
        KafkaLayer layer =
                new KafkaLayer(pipeline.kafka(), new OrdersTable(ORDERS, STORE_COLUMN, ID_COLUMN), settings.pages());
        layer.start();
        return layer;
    }

    @Singleton
    SnapshotLayer snapshot(Pipeline pipeline, PositionSettings settings, Clock clock) {
        return new SnapshotLayer(
                settings.snapshots(), pipeline.kafka().prefix(), Seal.underKeyIn(settings.sealKey()), clock);
    }

    @Singleton
    @Bean(preDestroy = "close")
    OrdersInDatabase orders(Pipeline pipeline, PositionSettings settings) {
        return OrdersInDatabase.pooled(
                pipeline.source().requireDatabase(),
                ORDERS,
                STORE_COLUMN,
                ID_COLUMN,
                settings.pages().perPage(),
                PROGRESS);
    }

    @Singleton
    @Requires(missingBeans = {FeedSettings.class, StoreSyncs.class})
    StoreSyncs unattended(KafkaLayer kafka) {
        return new UnattendedStores(kafka);
    }

    @Singleton
    SyncPositions positions(
            RedisLayer redis,
            KafkaLayer kafka,
            SnapshotLayer snapshot,
            OrdersInDatabase orders,
            BeanProvider<StoreSyncs> syncs,
            PositionSettings settings,
            @Nullable FeedSettings feed,
            Journal journal,
            MeterRegistry meters,
            Clock clock) {
        Layers layers = new Layers(
                new TimedLayer(redis, meters),
                new TimedLayer(kafka, meters),
                new TimedLayer(snapshot, meters),
                orders,
                redis::incarnation,
                kafka::known,
                clock);
        Beginnings beginnings = new Beginnings(feed == null ? Map.of() : feed.takenElsewhere(), settings.pages());
        return new SyncPositions(
                layers, () -> syncs.get().stores(), beginnings, clock, journal, new RecoveryMeters(meters));
    }

    @Singleton
    Rewinds rewinds(SyncPositions positions, Clock clock) {
        return new Rewinds(positions, clock);
    }

    @Context
    @Bean(preDestroy = "close")
    PositionWatch watch(SyncPositions positions, KafkaLayer kafka, PositionSettings settings, Clock clock) {
        PositionWatch watch = new PositionWatch(positions, kafka::sayReflected, settings.healthHistory(), clock);
        watch.start();
        return watch;
    }

    @Context
    @Bean(preDestroy = "close")
    PositionMeters meters(
            MeterRegistry registry, PositionWatch watch, SyncPositions positions, StoreSyncs syncs, Clock clock) {
        PositionMeters meters = new PositionMeters(registry, watch, positions, syncs, clock);
        meters.start();
        return meters;
    }

    @Context
    AccessTokens tokens(PositionSettings settings) {
        return settings.tokens();
    }

    @Singleton
    Sessions sessions(Clock clock) {
        return new Sessions(clock);
    }

    @Singleton
    PositionDesk desk(
            SyncPositions positions,
            Rewinds rewinds,
            StoreSyncs syncs,
            PositionWatch watch,
            Journal journal,
            Clock clock) {
        return new PositionDesk(positions, rewinds, syncs, watch, journal, clock);
    }
}
