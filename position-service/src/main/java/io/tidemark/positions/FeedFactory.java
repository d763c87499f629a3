package io.tidemark.positions;

import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.tidemark.core.pipeline.Database;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.positions.budget.CallBudget;
import io.tidemark.positions.budget.postgres.PostgresCallBudget;
import io.tidemark.positions.feed.ConfiguredTokens;
import io.tidemark.positions.feed.HttpOrderApi;
import io.tidemark.positions.feed.OrderApi;
import io.tidemark.positions.feed.PoliteOrderApi;
import io.tidemark.positions.feed.PoliteOrderApi.Patience;
import io.tidemark.positions.metrics.CountedBoard;
import io.tidemark.positions.metrics.CountedOrderApi;
import io.tidemark.positions.metrics.CountedSession;
import io.tidemark.positions.recovery.SyncPositions;
import io.tidemark.positions.sync.StoreSync;
import io.tidemark.positions.sync.Syncs;
import io.tidemark.positions.sync.postgres.FeedDatabase;
import io.tidemark.positions.sync.postgres.FeedSchema;
import io.tidemark.positions.sync.postgres.PostgresStoreBoard;
import io.tidemark.positions.sync.postgres.PostgresStoreSession;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.UUID;

/** Puts the order feed together, where one is configured: it keeps the positions, and they keep it from beginning anew. */
@Factory
@Requires(beans = FeedSettings.class)
final class FeedFactory {

    @Singleton
    @Bean(preDestroy = "close")
    FeedDatabase database(Pipeline pipeline) {
        Database database = pipeline.source().requireDatabase();
        return new FeedDatabase(
                database.jdbcUrl(),
                database.user(),
                database.password() == null ? null : database.password().reveal());
    }

    @Singleton
    CallBudget budget(FeedDatabase database, FeedSettings settings) {
        return new PostgresCallBudget(database.pool(), settings.limits());
    }

    @Singleton
    OrderApi api(
            FeedSettings settings, PositionSettings positions, CallBudget budget, MeterRegistry meters, Clock clock) {
        HttpOrderApi api = new HttpOrderApi(
                settings.address(),
                new ConfiguredTokens(settings.environment()),
                positions.pages().perPage(),
                settings.timeout(),
                clock);
        // Every try is a call of its own, so calls are counted below whoever tries again.
        return new PoliteOrderApi(new CountedOrderApi(api, meters), budget, Patience.USUAL);
    }

    @Singleton
    StoreSync sync(OrderApi api, SyncPositions positions, FeedSettings settings, PositionSettings shape, Clock clock) {
        return new StoreSync(
                api,
                new RecoveredPositions(positions),
                positions::updateSyncPosition,
                clock,
                shape.pages().perPage(),
                settings.overlap());
    }

    @Context
    @Bean(preDestroy = "close")
    Syncs syncs(FeedDatabase database, CallBudget budget, StoreSync sync, FeedSettings settings, MeterRegistry meters) {
        CountedSession.gaps(meters);
        Syncs syncs = new Syncs(
                settings.stores(),
                sync,
                new CountedBoard(new PostgresStoreBoard(database.pool()), meters),
                budget,
                store -> PostgresStoreSession.open(store, database.session())
                        .map(session -> new CountedSession(session, store, meters)),
                settings.rhythm(),
                ProcessHandle.current().pid() + "-"
                        + UUID.randomUUID().toString().substring(0, 8));
        syncs.start(() -> FeedSchema.migrate(database.pool()));
        return syncs;
    }
}
