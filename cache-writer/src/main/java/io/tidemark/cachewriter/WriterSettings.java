package io.tidemark.cachewriter;

import io.tidemark.core.access.AccessTokens;
import io.tidemark.core.access.Role;
import io.tidemark.core.pipeline.Database;
import io.tidemark.core.pipeline.KafkaSettings;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.core.postgres.SourceDatabase;
import io.tidemark.core.tls.HttpTls;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * What the service runs by.
 *
 * @param file the pipeline file
 * @param httpHost where its pages are
 * @param httpPort their port
 * @param waitForTables whether tables that are missing are waited for
 * @param tls how its pages are encrypted, in Micronaut's words
 * @param tokens who may look at the caches and change them
 * @param exitCode completed when the service has to end
 */
record WriterSettings(
        PipelineFile file,
        String httpHost,
        String httpPort,
        boolean waitForTables,
        Map<String, Object> tls,
        AccessTokens tokens,
        CompletableFuture<Integer> exitCode) {

    static final String PORT_VARIABLE = "TIDEMARK_HTTP_PORT";
    private static final String DEFAULT_PORT = "8081";
    private static final String DATA_VARIABLE = "TIDEMARK_CACHE_DATA";
    private static final String TOKEN_PREFIX = "TIDEMARK_CACHE";
    private static final int MEGABYTE = 1 << 20;

    /**
     * @throws io.tidemark.core.pipeline.InvalidPipelineException with everything that is wrong
     * @throws IllegalArgumentException when a token cannot be used, with the variable's name
     */
    static WriterSettings of(Map<String, String> environment, CompletableFuture<Integer> exitCode) {
        PipelineFile file = PipelineFile.fromEnvironment(environment);
        Path made = Path.of(environment.getOrDefault(DATA_VARIABLE, "data"), "cache-writer", "admin.token");
        return new WriterSettings(
                file,
                environment.getOrDefault("TIDEMARK_HTTP_HOST", "127.0.0.1"),
                environment.getOrDefault(PORT_VARIABLE, DEFAULT_PORT),
                Boolean.parseBoolean(environment.get("TIDEMARK_WAIT_FOR_TABLES")),
                HttpTls.settings(environment, environment.getOrDefault(PORT_VARIABLE, DEFAULT_PORT)),
                AccessTokens.of(environment, TOKEN_PREFIX, EnumSet.allOf(Role.class), made),
                exitCode);
    }

    /** The database, with waits that end. */
    SourceDatabase source() {
        Database database = file.pipeline().source().requireDatabase();
        return new SourceDatabase(
                database.jdbcUrl() + "&connectTimeout=5&socketTimeout=30&tcpKeepAlive=true",
                database.user(),
                database.password() == null ? null : database.password().reveal(),
                "tidemark-cache-writer");
    }

    /** The settings of every Kafka client. */
    Properties kafkaClient() {
        KafkaSettings kafka = file.pipeline().kafka();
        Properties client = new Properties();
        kafka.properties().forEach((name, value) -> client.put(name, value.reveal()));
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.requireBootstrap());
        return client;
    }

    /** What Micronaut is told beside application.yml. */
    Map<String, Object> micronaut() {
        Map<String, Object> settings = new HashMap<>(tls);
        settings.put("micronaut.server.host", httpHost);
        settings.put("micronaut.server.port", httpPort);
        settings.put("tidemark.writer.group", file.pipeline().kafka().topics().cacheWriterGroup());
        settings.put(
                "tidemark.writer.topics",
                file.pipeline().appliedTables().stream()
                        .map(table -> file.pipeline().kafka().topics().of(table))
                        .map(Pattern::quote)
                        .collect(Collectors.joining("|")));
        consumer().forEach((name, value) -> settings.put("kafka.consumers.default." + name, value));
        // What the file says of Kafka's clients wins.
        kafkaClient().forEach((name, value) -> {
            settings.put("kafka." + name, value);
            settings.put("kafka.consumers.default." + name, value);
        });
        return settings;
    }

    /** Bounds what lies in memory at once: the records of one fetch, the next one under way, and one large record. */
    private static Map<String, Object> consumer() {
        return Map.of(
                "max.poll.records", 2_000,
                "fetch.max.bytes", 8 * MEGABYTE,
                "max.partition.fetch.bytes", 2 * MEGABYTE,
                "max.poll.interval.ms", 120_000,
                // What a killed writer had goes to the next one after this; Kafka's brokers allow no less.
                "session.timeout.ms", 6_000,
                "heartbeat.interval.ms", 2_000,
                "metadata.max.age.ms", 3_000,
                "partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
                "allow.auto.create.topics", false);
    }
}
