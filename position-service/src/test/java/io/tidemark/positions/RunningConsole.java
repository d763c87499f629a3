package io.tidemark.positions;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.tidemark.core.pipeline.Database;
import io.tidemark.core.pipeline.KafkaSettings;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.QueryCaches;
import io.tidemark.core.pipeline.RedisSettings;
import io.tidemark.core.pipeline.Secret;
import io.tidemark.core.pipeline.SourceSettings;
import io.tidemark.core.pipeline.SslMode;
import io.tidemark.core.pipeline.Upkeep;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.StoreSyncs;
import io.tidemark.positions.position.SyncState;
import io.tidemark.positions.recovery.SyncPositions;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.servers.SharedServers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The service's positions and console on real PostgreSQL, Kafka and Redis, with the demo's five stores. */
public final class RunningConsole implements AutoCloseable {
    public static final String OPERATOR = "operator-token-of-the-tests-0123456789";
    public static final String ADMIN = "admin-token-of-the-tests-0123456789";
    public static final String VIEWER = "viewer-token-of-the-tests-0123456789";
    public static final List<StoreId> STORES = Stream.of("NATUR", "PURNA", "DILST", "MGSTR", "JWLR")
            .map(StoreId::new)
            .toList();

    private final HttpClient http = HttpClient.newHttpClient();
    private final ApplicationContext context;
    private final EmbeddedServer server;

    public RunningConsole(Path data) throws Exception {
        this(data, "t" + UUID.randomUUID().toString().substring(0, 8));
    }

    public RunningConsole(Path data, String prefix) throws Exception {
        Map<String, String> environment = Map.of(
                "TIDEMARK_POSITIONS_DATA", data.toString(),
                "TIDEMARK_POSITIONS_ADMIN_TOKEN", ADMIN,
                "TIDEMARK_POSITIONS_OPERATOR_TOKEN", OPERATOR,
                "TIDEMARK_POSITIONS_VIEWER_TOKEN", VIEWER);
        context = ApplicationContext.builder()
                .singletons(pipeline(prefix), PositionSettings.of(environment), new FiveStores())
                .properties(Map.of("micronaut.server.port", -1))
                .start();
        server = context.getBean(EmbeddedServer.class).start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    public SyncPositions positions() {
        return context.getBean(SyncPositions.class);
    }

    /** Calls redis-cli would make. */
    public static Object redis(String... command) throws IOException {
        try (RedisConnection redis = SharedServers.redis().connect()) {
            return redis.call(command);
        }
    }

    /** Sends a request with these headers, given as name and value in turn. */
    public HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        context.close();
    }

    private static Pipeline pipeline(String prefix) throws Exception {
        Database database = new Database(
                "127.0.0.1",
                SharedServers.postgres().port(),
                SharedServers.newDatabase(),
                SharedServers.postgres().user(),
                new Secret(SharedServers.postgres().password()),
                SslMode.DISABLE);
        return new Pipeline(
                new SourceSettings(database, "tidemark", "tidemark"),
                new KafkaSettings(SharedServers.kafka().bootstrap(), prefix, 4, 1, Map.of()),
                new RedisSettings(new RedisSettings.Server(
                        "127.0.0.1", SharedServers.redis().port(), false, 0, null, null)),
                Map.of(),
                List.of(),
                Map.of(),
                QueryCaches.NONE,
                Upkeep.NONE,
                Map.of());
    }

    /** Five stores whose syncs only remember what was asked of them. */
    static final class FiveStores implements StoreSyncs {
        private final Set<StoreId> paused = ConcurrentHashMap.newKeySet();

        @Override
        public List<StoreId> stores() {
            return STORES;
        }

        @Override
        public SyncState state(StoreId store) {
            return new SyncState(
                    paused.contains(store) ? SyncState.Phase.PAUSED : SyncState.Phase.WAITING,
                    Optional.of(Instant.now()),
                    Optional.empty(),
                    OptionalLong.of(871),
                    OptionalLong.of(9_422));
        }

        @Override
        public void syncNow(StoreId store) {}

        @Override
        public void pause(StoreId store) {
            paused.add(store);
        }

        @Override
        public void resume(StoreId store) {
            paused.remove(store);
        }
    }
}
