package io.tidemark.positions;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Database;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.positions.database.OrdersInDatabase;
import io.tidemark.positions.http.AccessTokens;
import io.tidemark.positions.http.PositionDesk;
import io.tidemark.positions.http.Sessions;
import io.tidemark.positions.kafka.KafkaLayer;
import io.tidemark.positions.kafka.OrdersTable;
import io.tidemark.positions.position.StoreSyncs;
import io.tidemark.positions.position.StoredOrders;
import io.tidemark.positions.recovery.Journal;
import io.tidemark.positions.recovery.Layers;
import io.tidemark.positions.recovery.PositionWatch;
import io.tidemark.positions.recovery.Rewinds;
import io.tidemark.positions.recovery.SyncPositions;
import io.tidemark.positions.redis.RedisClients;
import io.tidemark.positions.redis.RedisLayer;
import io.tidemark.positions.snapshot.Seal;
import io.tidemark.positions.snapshot.SnapshotLayer;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.redisson.api.RedissonClient;

/** Puts the positions together from plain constructors. */
@Factory
final class PositionsFactory {
    private static final TableId ORDERS = new TableId("tidemark", "feed_orders");
    private static final TableId PROGRESS = new TableId("tidemark", "feed_progress");
    private static final String STORE_COLUMN = "store";
    private static final String ID_COLUMN = "id";
    private static final int CONNECTIONS = 3;

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
    @Bean(preDestroy = "shutdown")
    RedissonClient redisson(Pipeline pipeline) {
        return RedisClients.lazily(pipeline.redis().requireServer());
    }

    @Singleton
    RedisLayer redis(RedissonClient redisson) {
        return new RedisLayer(redisson);
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
    DatabaseOfPositions database(Pipeline pipeline) {
        Database database = pipeline.source().requireDatabase();
        HikariConfig config = new HikariConfig();
        config.setPoolName("positions");
        config.setJdbcUrl(database.jdbcUrl());
        config.setUsername(database.user());
        if (database.password() != null) {
            config.setPassword(database.password().reveal());
        }
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(3_000);
        config.setInitializationFailTimeout(-1);
        return new DatabaseOfPositions(new HikariDataSource(config));
    }

    /** The pool of this package's own, so that it is not taken for another's. */
    record DatabaseOfPositions(HikariDataSource pool) implements AutoCloseable {
        @Override
        public void close() {
            pool.close();
        }
    }

    @Singleton
    StoredOrders orders(DatabaseOfPositions database, PositionSettings settings) {
        return new OrdersInDatabase(
                database.pool(),
                ORDERS,
                STORE_COLUMN,
                ID_COLUMN,
                settings.pages().perPage(),
                PROGRESS);
    }

    @Singleton
    @Requires(missingBeans = StoreSyncs.class)
    StoreSyncs unattended(KafkaLayer kafka) {
        return new UnattendedStores(kafka);
    }

    @Singleton
    SyncPositions positions(
            RedisLayer redis,
            KafkaLayer kafka,
            SnapshotLayer snapshot,
            StoredOrders orders,
            BeanProvider<StoreSyncs> syncs,
            PositionSettings settings,
            Journal journal,
            Clock clock) {
        Layers layers = new Layers(redis, kafka, snapshot, orders, redis::incarnation, kafka::known, clock);
        return new SyncPositions(layers, () -> syncs.get().stores(), settings.pages(), clock, journal);
    }

    @Singleton
    Rewinds rewinds(SyncPositions positions, Clock clock) {
        return new Rewinds(positions, clock);
    }

    @Context
    @Bean(preDestroy = "close")
    PositionWatch watch(SyncPositions positions, KafkaLayer kafka, Clock clock) {
        PositionWatch watch = new PositionWatch(positions, kafka::sayReflected, clock);
        watch.start();
        return watch;
    }

    @Context
    AccessTokens tokens(PositionSettings settings) {
        return AccessTokens.of(settings.environment(), settings.madeToken());
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
