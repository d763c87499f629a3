package io.tidemark.testkit.servers;

import io.tidemark.testkit.kafka.KafkaServer;
import io.tidemark.testkit.postgres.PostgresServer;
import io.tidemark.testkit.process.Server;
import io.tidemark.testkit.redis.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * One PostgreSQL, one Kafka and one Redis for all tests of this JVM: each started when first asked for, all gone when
 * the JVM ends. Tests that kill or fill up a server take one of their own from {@link Servers} instead. Thread-safe.
 */
public final class SharedServers {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private SharedServers() {}

    /** Started. */
    public static PostgresServer postgres() {
        return Postgres.SERVER;
    }

    /** Started. */
    public static KafkaServer kafka() {
        return Kafka.SERVER;
    }

    /** Started. */
    public static RedisServer redis() {
        return Redis.SERVER;
    }

    /** Makes a new, empty database in the shared PostgreSQL and answers its name. */
    public static String newDatabase() {
        String name = "test_" + DATABASES.incrementAndGet();
        try {
            postgres().createDatabase(name);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot make database " + name, e);
        }
        return name;
    }

    // Each class is initialised, and its server started, when it is first touched.

    private static final class Postgres {
        static final PostgresServer SERVER = started(Servers.chosen().postgres(Directory.of("postgres")));
    }

    private static final class Kafka {
        static final KafkaServer SERVER = started(Servers.chosen().kafka(Directory.of("kafka")));
    }

    private static final class Redis {
        static final RedisServer SERVER = started(Servers.chosen().redis(Directory.of("redis")));
    }

    private static <S extends Server> S started(S server) {
        server.start();
        Directory.killAtTheEnd(server);
        return server;
    }

    /** The directory of all three, removed when the JVM ends in order. */
    private static final class Directory {

        private static final List<Server> STARTED = new java.util.concurrent.CopyOnWriteArrayList<>();
        private static final Path ROOT = make();

        static Path of(String server) {
            return ROOT.resolve(server);
        }

        static void killAtTheEnd(Server server) {
            STARTED.add(server);
        }

        private static Path make() {
            try {
                Path root = Files.createTempDirectory("tidemark-tests-");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(root), "remove shared servers"));
                return root;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot make a temporary directory for the tests' servers", e);
            }
        }

        private static void remove(Path root) {
            STARTED.forEach(Server::kill);
            try (Stream<Path> files = Files.walk(root)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                System.err.println("left behind: " + root + " (" + e + ")");
            }
        }
    }
}
