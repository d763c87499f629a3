package io.tidemark.cli.stack;

import io.tidemark.cli.failure.CommandFailure;
import io.tidemark.cli.failure.ExitCode;
import io.tidemark.core.access.SecretFile;
import io.tidemark.testkit.orders.EmbeddedOrderFeed;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import io.tidemark.testkit.process.EmbeddedServer;
import io.tidemark.testkit.process.ServerStartException;
import io.tidemark.testkit.redis.EmbeddedRedis;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL, Kafka and Redis where the pipeline file names none, and our services: started, kept running, and stopped
 * in order. The methods are called by one thread; {@link #close} stops whatever was started, however far it came.
 */
public final class Stack implements AutoCloseable {
    private static final String ORDER_API = "Order API";
    private static final String POSITIONS_TOKEN = "TIDEMARK_POSITIONS_ADMIN_TOKEN";
    private static final String CACHE_TOKEN = "TIDEMARK_CACHE_ADMIN_TOKEN";
    private static final String RECONCILER_TOKEN = "TIDEMARK_RECONCILER_ADMIN_TOKEN";
    private static final String INGEST_TOKEN = "TIDEMARK_INGEST_ADMIN_TOKEN";
    private static final String EVERY_TOKEN = "TIDEMARK_ADMIN_TOKEN";

    private final StackRequest request;
    private final DataDirectory directory;
    private final Consumer<String> say;
    private final Servers servers;
    private final Map<String, ServicePart> services = new LinkedHashMap<>();
    private final Map<String, CompletableFuture<Void>> starting = new LinkedHashMap<>();
    private final List<Part> started = Collections.synchronizedList(new ArrayList<>());
    private final Supervisor supervisor;
    private final Map<String, Integer> endedEarly = new ConcurrentHashMap<>();
    private volatile @Nullable CommandFailure failure;
    private volatile boolean ready;

    /** Nothing is started yet. */
    public Stack(StackRequest request, DataDirectory directory, Consumer<String> say) {
        this.request = request;
        this.directory = directory;
        this.say = say;
        this.servers = new Servers(request, directory);
        this.supervisor = new Supervisor(say, this::writeRunFile, this::startAgain);
    }

    /** Begins to start the servers, all at once, and returns. */
    public void startServers() {
        begin("PostgreSQL", servers.postgres());
        begin("Kafka", servers.kafka());
        begin("Redis", servers.redis());
        begin(ORDER_API, request.orderFeed());
    }

    private void begin(String name, @Nullable EmbeddedServer server) {
        if (server == null) {
            return;
        }
        Part part = Part.of(name, server);
        CompletableFuture<Void> done = new CompletableFuture<>();
        starting.put(name, done);
        Thread thread = new Thread(
                () -> {
                    long began = System.nanoTime();
                    try {
                        started.add(part);
                        part.start();
                        supervisor.watch(part);
                        say.accept(String.format(
                                Locale.ROOT,
                                "%s is up on port %d (%.1f s)",
                                name,
                                server.port(),
                                (System.nanoTime() - began) / 1e9));
                        done.complete(null);
                    } catch (RuntimeException e) {
                        done.completeExceptionally(e);
                    }
                },
                "start-" + name.toLowerCase(Locale.ROOT));
        thread.setDaemon(true);
        thread.start();
    }

    /** The Redis that was started here, once it answers. */
    public EmbeddedRedis redis() throws InterruptedException {
        awaitServer("Redis");
        EmbeddedRedis redis = servers.redis();
        if (redis == null) {
            throw new IllegalStateException("BUG: Redis was not started here");
        }
        return redis;
    }

    /** The PostgreSQL that was started here, once it answers. */
    public EmbeddedPostgres postgres() throws InterruptedException {
        awaitServer("PostgreSQL");
        EmbeddedPostgres postgres = servers.postgres();
        if (postgres == null) {
            throw new IllegalStateException("BUG: PostgreSQL was not started here");
        }
        return postgres;
    }

    /** Starts the services once the servers answer, and writes run.json. */
    public void startServices() throws InterruptedException {
        for (String server : starting.keySet()) {
            awaitServer(server);
        }
        for (ServiceProgram program : ServiceProgram.values()) {
            start(program);
        }
        writeRunFile();
    }

    /** Starts position-service before the others, since they wait for its tables; PostgreSQL must answer. */
    public void startPositionService() {
        servers.giveRights();
        start(ServiceProgram.POSITION_SERVICE);
    }

    /** Waits until all tables are there, those of position-service too, and lets the services read them. */
    public void giveRights() throws InterruptedException {
        while (!servers.tablesAreThere()) {
            check();
            for (Map.Entry<String, CompletableFuture<Void>> server : starting.entrySet()) {
                if (server.getValue().isCompletedExceptionally()) {
                    awaitServer(server.getKey());
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        servers.giveRights();
    }

    /** The user and password of the application, for the Redis that was started here. */
    public Map.Entry<String, String> application() {
        return servers.application();
    }

    private void start(ServiceProgram program) {
        if (services.containsKey(program.title())) {
            return;
        }
        Map<String, String> environment = servers.environment(program);
        environment.put(
                "TIDEMARK_CONFIG", request.pipelineFile().toAbsolutePath().toString());
        environment.put("TIDEMARK_POSITIONS_DATA", positionsData().toString());
        environment.put(
                "TIDEMARK_CACHE_WRITER_URL",
                ServicePart.scheme() + "://127.0.0.1:" + port(ServiceProgram.CACHE_WRITER));
        environment.putAll(tokens());
        environment.putAll(request.environment());
        ServicePart service = new ServicePart(
                program, request.home(), port(program), directory.emptyLog(program.title()), environment);
        services.put(program.title(), service);
        started.add(service);
        service.start();
        supervisor.watch(service);
    }

    private int port(ServiceProgram program) {
        return switch (program) {
            case INGEST_SERVICE -> request.ports().ingestService();
            case CACHE_WRITER -> request.ports().cacheWriter();
            case RECONCILER -> request.ports().reconciler();
            case POSITION_SERVICE -> request.ports().positionService();
        };
    }

    /** Where each service answers. */
    public Map<String, String> serviceUrls() {
        Map<String, String> urls = new LinkedHashMap<>();
        services.forEach((name, service) -> urls.put(name, service.url()));
        return urls;
    }

    /** Where the database is, for a message. */
    public String databaseAddress() {
        return servers.postgresAddress().url();
    }

    /** The services came up: from now on whatever ends is started again, whatever its exit code. */
    public void markReady() {
        ready = true;
    }

    /** @throws CommandFailure when something cannot be made to run */
    public void check() {
        CommandFailure known = failure;
        if (known != null) {
            throw known;
        }
    }

    /** Wrong settings stay wrong, and what ended three times before it was ready will end again. */
    private boolean startAgain(Part part, int exitCode) {
        if (ready || !(part instanceof ServicePart service)) {
            return true;
        }
        int times = endedEarly.merge(part.name(), 1, Integer::sum);
        if (exitCode != ExitCode.USAGE && times < 3) {
            return true;
        }
        failure = new CommandFailure(
                exitCode > 0 && exitCode < 7 ? exitCode : ExitCode.FAILED,
                part.name() + " did not get ready and ended (" + Supervisor.cause(exitCode) + "):\n"
                        + service.lastError().indent(2) + "  Its whole log: "
                        + service.process().log());
        return false;
    }

    private void awaitServer(String name) throws InterruptedException {
        CompletableFuture<Void> server = starting.get(name);
        if (server == null) {
            return;
        }
        try {
            server.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof ServerStartException || cause instanceof CommandFailure) {
                throw new CommandFailure(ExitCode.FAILED, String.valueOf(cause.getMessage()), cause);
            }
            throw new CommandFailure(ExitCode.FAILED, name + " did not start: " + cause, cause == null ? e : cause);
        }
    }

    /** The file that holds the services' admin token; empty when the environment holds the token itself. */
    public Optional<Path> tokenFile() {
        for (String variable : List.of(POSITIONS_TOKEN, EVERY_TOKEN)) {
            String file = System.getenv(variable + "_FILE");
            if (file != null) {
                return Optional.of(Path.of(file).toAbsolutePath());
            }
            if (System.getenv(variable) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(
                directory.passwordFile(request.data().resolve("admin.token")).toAbsolutePath());
    }

    /** The services' admin token itself; null when it is known to none but them. */
    public @Nullable String token() {
        Optional<Path> file = tokenFile();
        String given = System.getenv(POSITIONS_TOKEN);
        return file.isPresent()
                ? SecretFile.read("the services' token", file.get())
                : given != null ? given : System.getenv(EVERY_TOKEN);
    }

    /** The services that ask for a token take the same one, unless the environment has others for them. */
    private Map<String, String> tokens() {
        Map<String, String> tokens = new HashMap<>();
        tokenFile().ifPresent(file -> {
            for (String variable : List.of(POSITIONS_TOKEN, CACHE_TOKEN, RECONCILER_TOKEN, INGEST_TOKEN)) {
                if (System.getenv(variable) == null && System.getenv(variable + "_FILE") == null) {
                    tokens.put(variable + "_FILE", file.toString());
                }
            }
        });
        return tokens;
    }

    private Path positionsData() {
        return request.data().resolve("positions").toAbsolutePath();
    }

    private RunFile.@Nullable Server orderApiAddress() {
        EmbeddedOrderFeed feed = request.orderFeed();
        return feed == null ? null : new RunFile.Server(feed.url(), null, feed.isRunning() ? feed.pid() : null, true);
    }

    private synchronized void writeRunFile() {
        Map<String, RunFile.Service> running = new LinkedHashMap<>();
        services.forEach((name, service) -> running.put(
                name, new RunFile.Service(service.url(), service.process().pid())));
        RunFile runFile = new RunFile(
                ProcessHandle.current().pid(),
                request.mode(),
                servers.postgresAddress(),
                servers.kafkaAddress(),
                servers.redisAddress(),
                running,
                orderApiAddress(),
                tokenFile().map(Path::toString).orElse(null));
        directory.write(directory.runFile(), runFile.text());
    }

    /** Stops everything: the services first, then Redis, Kafka and PostgreSQL. Takes a while. */
    @Override
    public void close() {
        boolean interrupted = closeSupervisor();
        List<Part> inOrder = new ArrayList<>(started);
        List<Part> toStop =
                inOrder.stream().filter(ServicePart.class::isInstance).toList();
        toStop.parallelStream().forEach(this::stop);
        for (String name : List.of(ORDER_API, "Redis", "Kafka", "PostgreSQL")) {
            inOrder.stream().filter(part -> part.name().equals(name)).forEach(this::stop);
        }
        try {
            java.nio.file.Files.deleteIfExists(directory.runFile());
        } catch (java.io.IOException e) {
            say.accept("cannot delete " + directory.runFile() + ": " + e);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean closeSupervisor() {
        boolean interrupted = Thread.interrupted();
        try {
            supervisor.close();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        return interrupted;
    }

    private void stop(Part part) {
        try {
            part.stop();
        } catch (RuntimeException e) {
            say.accept(part.name() + " did not stop in order: " + e.getMessage());
        }
    }
}
