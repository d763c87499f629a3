package io.tidemark.positions.sync;

import io.tidemark.positions.budget.postgres.PostgresCallBudget;
import io.tidemark.positions.feed.OrderApi;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.sync.postgres.FeedDatabase;
import io.tidemark.positions.sync.postgres.FeedSchema;
import io.tidemark.positions.sync.postgres.PostgresStoreBoard;
import io.tidemark.positions.sync.postgres.PostgresStoreSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The syncs as a program that a test can kill: from outside, or at the n-th time it comes to a point, by halting without
 * any tidying up. Arguments: database URL, user, API address, limits' factor, file for checkpoints, point, n, then
 * STORE=token each. The database's password comes in the environment.
 */
final class KillableSync {

    /** Begins the line that says which store this process has taken. */
    static final String HOLDS = "holds store ";

    private KillableSync() {}

    /** Where it halts. */
    enum Point {
        NOWHERE,
        AFTER_PAGE,
        BEFORE_COMMIT,
        AFTER_COMMIT,
        BEFORE_CHECKPOINT,
        AFTER_CHECKPOINT
    }

    private record Fuse(Point point, AtomicInteger left) {
        void at(Point reached) {
            if (reached == point && left.decrementAndGet() == 0) {
                Runtime.getRuntime().halt(137);
            }
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        FeedDatabase database = new FeedDatabase(arguments[0], arguments[1], System.getenv("TIDEMARK_TEST_PASSWORD"));
        int times = Integer.parseInt(arguments[3]);
        Path checkpoints = Path.of(arguments[4]);
        Fuse fuse = new Fuse(Point.valueOf(arguments[5]), new AtomicInteger(Integer.parseInt(arguments[6])));
        Map<String, String> tokens = new TreeMap<>();
        for (int i = 7; i < arguments.length; i++) {
            String[] token = arguments[i].split("=", 2);
            tokens.put(token[0], token[1]);
        }
        OrderApi api = FeedStack.api(URI.create(arguments[2]), tokens, database, times);
        OrderApi fused = (store, request) -> {
            var page = api.read(store, request);
            fuse.at(Point.AFTER_PAGE);
            return page;
        };
        StoreSync sync = new StoreSync(
                fused,
                store -> Optional.empty(),
                position -> {
                    fuse.at(Point.BEFORE_CHECKPOINT);
                    write(checkpoints, position.store() + " " + position.lastId() + " " + position.page() + "\n");
                    fuse.at(Point.AFTER_CHECKPOINT);
                },
                InstantSource.system(),
                FeedStack.PER_PAGE,
                FeedStack.OVERLAP);
        Syncs syncs = new Syncs(
                tokens.keySet().stream().map(StoreId::new).toList(),
                sync,
                new PostgresStoreBoard(database.pool()),
                new PostgresCallBudget(database.pool(), FeedStack.limits(times)),
                store -> {
                    var session = PostgresStoreSession.open(store, fused(database.session(), fuse));
                    session.ifPresent(held -> System.err.println(HOLDS + store));
                    return session;
                },
                new Syncs.Rhythm(
                        2, Duration.ofSeconds(2), Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofSeconds(5)),
                "killable");
        syncs.start(() -> FeedSchema.migrate(database.pool()));
        new CountDownLatch(1).await();
    }

    private static void write(Path file, String line) {
        try {
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Connection fused(Connection connection, Fuse fuse) throws SQLException {
        return (Connection) Proxy.newProxyInstance(
                KillableSync.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, values) -> {
                    boolean commit = method.getName().equals("commit");
                    if (commit) {
                        fuse.at(Point.BEFORE_COMMIT);
                    }
                    try {
                        Object result = method.invoke(connection, values);
                        if (commit) {
                            fuse.at(Point.AFTER_COMMIT);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
