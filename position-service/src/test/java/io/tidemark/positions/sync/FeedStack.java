package io.tidemark.positions.sync;

import io.micrometer.core.instrument.MeterRegistry;
import io.tidemark.core.pipeline.Secret;
import io.tidemark.positions.budget.CallLimit;
import io.tidemark.positions.budget.postgres.PostgresCallBudget;
import io.tidemark.positions.feed.FeedAddress;
import io.tidemark.positions.feed.HttpOrderApi;
import io.tidemark.positions.feed.OrderApi;
import io.tidemark.positions.feed.PoliteOrderApi;
import io.tidemark.positions.feed.PoliteOrderApi.Patience;
import io.tidemark.positions.metrics.CountedSession;
import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.sync.postgres.FeedDatabase;
import io.tidemark.positions.sync.postgres.FeedSchema;
import io.tidemark.positions.sync.postgres.PostgresStoreSession;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.orders.OrderFeedSimulator;
import io.tidemark.testkit.orders.SimulatedStore;
import io.tidemark.testkit.orders.SimulatorSettings;
import io.tidemark.testkit.servers.SharedServers;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A real database, the simulated API, and everything between, for one test. */
final class FeedStack implements AutoCloseable {
    static final int PER_PAGE = 20;
    static final StoreSync.Overlap OVERLAP = new StoreSync.Overlap(1, 1);

    final OrderFeedSimulator simulator;
    final String name = SharedServers.newDatabase();
    final FeedDatabase database = new FeedDatabase(jdbcUrl(name), user(), password());
    final List<Position> checkpoints = new CopyOnWriteArrayList<>();
    final int limitsTimes;

    FeedStack(SimulatorSettings settings, int limitsTimes) {
        this.simulator = OrderFeedSimulator.start(settings.withLimitsTimes(limitsTimes));
        this.limitsTimes = limitsTimes;
        FeedSchema.migrate(database.pool());
    }

    static String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + SharedServers.postgres().port() + "/" + database;
    }

    static String user() {
        return SharedServers.postgres().user();
    }

    static String password() {
        return SharedServers.postgres().password();
    }

    static List<CallLimit> limits(int times) {
        return CallLimit.parse("5/s,50/min,1000/h,10000/day").stream()
                .map(limit -> new CallLimit(limit.calls() * times, limit.span()))
                .toList();
    }

    static OrderApi api(URI address, Map<String, String> tokens, FeedDatabase database, int limitsTimes) {
        HttpOrderApi http = new HttpOrderApi(
                new FeedAddress(address.toString()),
                store -> Optional.ofNullable(tokens.get(store.name())).map(Secret::new),
                PER_PAGE,
                Duration.ofSeconds(5),
                InstantSource.system());
        return new PoliteOrderApi(
                http,
                new PostgresCallBudget(database.pool(), limits(limitsTimes)),
                new Patience(4, Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofSeconds(20)));
    }

    Map<String, String> tokens() {
        Map<String, String> tokens = new TreeMap<>();
        simulator.stores().forEach(store -> tokens.put(store, simulator.token(store)));
        return tokens;
    }

    OrderApi api() {
        return api(simulator.baseUri(), tokens(), database, limitsTimes);
    }

    StoreSync sync(Optional<Position> told) {
        return sync(store -> told, UnaryOperator.identity());
    }

    StoreSync sync(PositionSource source, UnaryOperator<OrderApi> wrapped) {
        return new StoreSync(wrapped.apply(api()), source, checkpoints::add, InstantSource.system(), PER_PAGE, OVERLAP);
    }

    /** One run of a store's sync, as its only holder. */
    StoreSync.Outcome run(StoreSync sync, String store) throws Exception {
        StoreId id = new StoreId(store);
        try (StoreSession session = open(id)) {
            return sync.run(id, session);
        }
    }

    /** PostgreSQL lets go of a store a moment after the connection of the last run is closed. */
    private StoreSession open(StoreId id) {
        return Await.until("the last run has let go of " + id, Duration.ofSeconds(30))
                .sees(() -> PostgresStoreSession.open(id, database.session()), Optional::isPresent)
                .orElseThrow();
    }

    /** The same, with what it does counted as the service counts it. */
    StoreSync.Outcome runCounted(StoreSync sync, String store, MeterRegistry meters) throws Exception {
        StoreId id = new StoreId(store);
        try (StoreSession session = new CountedSession(open(id), id, meters)) {
            return sync.run(id, session);
        }
    }

    StoreSync.Outcome run(String store) throws Exception {
        return run(sync(Optional.empty()), store);
    }

    /** What the database lacks of a store's orders, or holds differently; empty when the sync has done its work. */
    List<String> differences(String store) throws SQLException {
        Map<Long, String> held = held(store);
        List<String> differences = new ArrayList<>();
        for (SimulatedStore.Truth order : simulator.store(store).truth(0, 1_000_000)) {
            String expected = order.reference() + " " + order.state() + " " + order.updatedAt();
            String found = held.get((long) order.id());
            if (!expected.equals(found)) {
                differences.add("order " + order.id() + ": expected " + expected + ", found " + found);
            }
        }
        return differences;
    }

    private Map<Long, String> held(String store) throws SQLException {
        String sql = "select id, reference, state, updated_at from tidemark.feed_orders where store = ?";
        Map<Long, String> held = new TreeMap<>();
        try (Connection connection = database.pool().getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, store);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    OffsetDateTime updated = rows.getObject(4, OffsetDateTime.class);
                    held.put(
                            rows.getLong(1),
                            rows.getString(2) + " " + rows.getString(3) + " "
                                    + (updated == null ? null : updated.toInstant()));
                }
            }
        }
        return held;
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    long number(String sql) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() {
        simulator.close();
        database.close();
    }
}
