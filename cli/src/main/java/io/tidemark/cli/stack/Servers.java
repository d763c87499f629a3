package io.tidemark.cli.stack;

import io.tidemark.testkit.access.ServiceAccount;
import io.tidemark.testkit.kafka.EmbeddedKafka;
import io.tidemark.testkit.kafka.KafkaSettings;
import io.tidemark.testkit.postgres.EmbeddedPostgres;
import io.tidemark.testkit.postgres.PostgresSettings;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** PostgreSQL, Kafka and Redis of one stack: those that are started here, and where the others are. */
final class Servers {
    private final StackRequest request;
    private final @Nullable EmbeddedPostgres postgres;
    private final @Nullable EmbeddedKafka kafka;
    private final @Nullable EmbeddedRedis redis;
    private final @Nullable Path redisPassword;
    private final @Nullable LeastRights rights;

    Servers(StackRequest request, DataDirectory directory) {
        this.request = request;
        Path data = request.data();
        StackPorts ports = request.ports();
        rights = request.pages() == null ? null : new LeastRights(request, directory, request.pages());
        postgres = ports.postgres().isEmpty()
                ? null
                : postgres(data.resolve("postgres"), ports.postgres().getAsInt());
        kafka = ports.kafka().isEmpty()
                ? null
                : new EmbeddedKafka(KafkaSettings.in(data.resolve("kafka"))
                        .withPort(ports.kafka().getAsInt()));
        if (ports.redis().isEmpty()) {
            redis = null;
            redisPassword = null;
        } else {
            Path passwordFile = directory.passwordFile(data.resolve("redis.password"));
            RedisSettings settings = RedisSettings.in(data.resolve("redis"))
                    .withPort(ports.redis().getAsInt())
                    .withPassword(read(passwordFile));
            if (rights != null) {
                settings = settings.with("aclfile", rights.aclFile(read(passwordFile)));
            }
            redis = new EmbeddedRedis(request.lasting() ? settings.withDumpAtStop() : settings);
            redisPassword = passwordFile;
        }
    }

    private EmbeddedPostgres postgres(Path data, int port) {
        PostgresSettings settings = PostgresSettings.in(data).withPort(port).withDatabase(request.database());
        return new EmbeddedPostgres(request.lasting() ? settings : settings.notDurable());
    }

    @Nullable
    EmbeddedPostgres postgres() {
        return postgres;
    }

    @Nullable
    EmbeddedKafka kafka() {
        return kafka;
    }

    @Nullable
    EmbeddedRedis redis() {
        return redis;
    }

    /** Gives the services what they may in the PostgreSQL that was started here, of the tables that are there by now. */
    void giveRights() {
        if (rights != null && postgres != null) {
            rights.applyTo(postgres);
        }
    }

    /** Whether all tables are there that rights are to be given of. */
    boolean tablesAreThere() {
        return rights == null || postgres == null || rights.tablesAreIn(postgres);
    }

    /** Who the application is for the Redis that was started here, and with which password. */
    Map.Entry<String, String> application() {
        if (rights == null) {
            throw new IllegalStateException("BUG: the application has no user of its own");
        }
        return Map.entry(ServiceAccount.APPLICATION.userName(), rights.ofApplication());
    }

    /** What a service must be told to find what was started here; the pipeline file tells the rest. */
    Map<String, String> environment(ServiceProgram program) {
        Map<String, String> environment = environment();
        if (rights != null) {
            environment.putAll(rights.environment(program));
        }
        return environment;
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        if (postgres != null) {
            environment.put("TIDEMARK_SOURCE_URL", postgres.url());
            environment.put(
                    "TIDEMARK_SOURCE_PASSWORD_FILE", postgres.passwordFile().toString());
            environment.put("TIDEMARK_WAIT_FOR_TABLES", "true");
        }
        if (kafka != null) {
            environment.put("TIDEMARK_KAFKA_BOOTSTRAP", kafka.bootstrap());
        }
        if (redis != null) {
            environment.put("TIDEMARK_REDIS_URL", redis.url());
            environment.put(
                    "TIDEMARK_REDIS_PASSWORD_FILE",
                    Objects.requireNonNull(redisPassword).toString());
        }
        return environment;
    }

    RunFile.Server postgresAddress() {
        if (postgres != null) {
            return new RunFile.Server(
                    postgres.url(),
                    postgres.passwordFile().toString(),
                    pid(postgres.isRunning(), postgres.process()::pid),
                    true);
        }
        var database = request.pipeline().source().requireDatabase();
        return new RunFile.Server("postgresql://" + database.user() + "@" + database.place(), null, null, false);
    }

    RunFile.Broker kafkaAddress() {
        if (kafka != null) {
            return new RunFile.Broker(kafka.bootstrap(), pid(kafka.isRunning(), kafka.process()::pid), true);
        }
        return new RunFile.Broker(request.pipeline().kafka().requireBootstrap(), null, false);
    }

    RunFile.Server redisAddress() {
        if (redis != null) {
            return new RunFile.Server(
                    redis.url(), String.valueOf(redisPassword), pid(redis.isRunning(), redis.process()::pid), true);
        }
        return new RunFile.Server(request.pipeline().redis().requireServer().address(), null, null, false);
    }

    private interface Pid {
        long get();
    }

    private static @Nullable Long pid(boolean running, Pid pid) {
        return running ? pid.get() : null;
    }

    static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
