package io.tidemark.testkit.redis;

import io.tidemark.testkit.process.BinaryCache;
import io.tidemark.testkit.process.EmbeddedServer;
import io.tidemark.testkit.process.KeptProcess;
import io.tidemark.testkit.process.Ports;
import io.tidemark.testkit.process.Programs;
import io.tidemark.testkit.process.ServerStartException;
import io.tidemark.testkit.process.Startup;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Redis server of its own data directory, listening on the loopback address only. Thread-safe. */
public final class EmbeddedRedis implements RedisServer, EmbeddedServer {

    private static final String VERSION = "7.0.15";
    private static final Duration TIME_TO_DUMP = Duration.ofSeconds(60);

    private final RedisSettings settings;
    private final KeptProcess process;
    private final int port;

    /** Nothing is started yet. */
    public EmbeddedRedis(RedisSettings settings) {
        this.settings = settings;
        this.process = new KeptProcess(
                "Redis", "TERM", TIME_TO_DUMP, settings.directory().resolve("redis.log"));
        this.port = Ports.choose(settings.port());
    }

    @Override
    public synchronized void start() {
        Ports.requireFree(port, "Redis");
        Path configuration = settings.directory().resolve("redis.conf");
        try {
            Files.createDirectories(settings.directory());
            Files.deleteIfExists(configuration);
            Files.createFile(
                    configuration, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(configuration, settings.configuration(port));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + configuration, e);
        }
        process.start(List.of(program().toString(), configuration.toString()), Map.of(), settings.directory());
        Startup.await(process, Duration.ofSeconds(60), this::ping);
        forgetDump();
    }

    /** What an orderly stop left is loaded now. Should this run be killed, it must not come back older than it was. */
    private void forgetDump() {
        Path dump = settings.directory().resolve("dump.rdb");
        try {
            Files.deleteIfExists(dump);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + dump, e);
        }
    }

    @Override
    public @Nullable String password() {
        return settings.password();
    }

    @Override
    public KeptProcess process() {
        return process;
    }

    @Override
    public int port() {
        return port;
    }

    private void ping() throws IOException {
        try (RedisConnection connection = connect()) {
            connection.call("PING");
        }
    }

    private static Path program() {
        String platform = Programs.platform().replace("x86_64", "amd64");
        String file = "redis-server-" + VERSION + "-" + platform;
        URL found = EmbeddedRedis.class.getClassLoader().getResource(file);
        if (found == null) {
            throw new ServerStartException(
                    "no Redis binary for this platform: " + file + " is not on the class path;"
                            + " give the URL of a Redis of your own instead",
                    null);
        }
        return BinaryCache.ofUser()
                .unpackOnce("redis-" + VERSION, directory -> copy(found, directory.resolve("redis-server")))
                .resolve("redis-server");
    }

    private static void copy(URL from, Path to) throws IOException {
        try (InputStream in = from.openStream()) {
            Files.copy(in, to);
        }
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
