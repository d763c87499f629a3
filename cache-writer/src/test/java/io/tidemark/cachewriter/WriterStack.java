package io.tidemark.cachewriter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.kafka.KafkaServer;
import io.tidemark.testkit.kafka.NewTopics;
import io.tidemark.testkit.postgres.PostgresServer;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisServer;
import io.tidemark.testkit.servers.SharedServers;
import io.tidemark.testkit.service.ServiceProcess;
import io.tidemark.testkit.service.ServiceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A cache-writer as a process between servers, with a table {@code item(id int, name text, price numeric, big text)} and a
 * topic of its own, written by hand.
 */
final class WriterStack implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(30);
    static final String TABLE = "create table item (id int primary key, name text, price numeric, big text)";

    final PostgresServer postgres;
    final KafkaServer kafka;
    final RedisServer redis;
    final String database;
    final String prefix = "t" + UUID.randomUUID().toString().substring(0, 8);
    final String topic = prefix + ".public.item";
    final ServiceProcess writer;
    final Changes changes;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Admin admin;
    private final Map<String, String> environment;
    private final String more;

    /** All but Redis shared with other tests; the writer is not started yet. */
    WriterStack(Path directory, RedisServer redis) throws Exception {
        this(directory, redis, "");
    }

    /** The same with more in the pipeline file. */
    WriterStack(Path directory, RedisServer redis, String more) throws Exception {
        this(directory, SharedServers.postgres(), SharedServers.newDatabase(), redis, Map.of(), more);
    }

    WriterStack(
            Path directory,
            PostgresServer postgres,
            String database,
            RedisServer redis,
            Map<String, String> environment)
            throws Exception {
        this(directory, postgres, database, redis, environment, "");
    }

    WriterStack(
            Path directory,
            PostgresServer postgres,
            String database,
            RedisServer redis,
            Map<String, String> environment,
            String more)
            throws Exception {
        this.more = more;
        this.postgres = postgres;
        this.kafka = SharedServers.kafka();
        this.redis = redis;
        this.database = database;
        sql(TABLE);
        Properties client = new Properties();
        client.put("bootstrap.servers", kafka.bootstrap());
        this.admin = Admin.create(client);
        newTopic("item");
        client.put("max.request.size", "67108864");
        client.put("buffer.memory", "80000000");
        client.put("linger.ms", "5");
        this.producer = new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
        this.changes = new Changes(walLsn());
        this.environment = environment;
        this.writer = another(directory);
    }

    /** Makes the topic of a table of the schema public. */
    void newTopic(String table) throws Exception {
        NewTopics.make(
                admin,
                new NewTopic(prefix + ".public." + table, 2, (short) 1)
                        .configs(Map.of("cleanup.policy", "compact", "max.message.bytes", "67108864")));
    }

    /** One more writer of the same group, not started; the caller closes it. */
    ServiceProcess another(Path directory) throws IOException {
        return new ServiceProcess(settings(directory));
    }

    private ServiceSettings settings(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("tidemark.yaml");
        Files.writeString(file, """
                tidemark: 1
                source: {url: "%s"}
                kafka: {bootstrap: "%s", prefix: %s, properties: {session.timeout.ms: "6000", heartbeat.interval.ms: "1000"}}
                redis: {url: "%s"}
                caches:
                  item:
                    table: public.item
                    key: "%s:item:{id}"
                    tags: ["named:{name}"]
                %s
                """.formatted(
                        postgres.url().replaceAll("/[^/]*$", "/" + database),
                        kafka.bootstrap(),
                        prefix,
                        redis.url(),
                        prefix,
                        more));
        ServiceSettings settings = ServiceSettings.ofModule("cache-writer", directory)
                .with("TIDEMARK_CONFIG", file.toString())
                .with("TIDEMARK_SOURCE_PASSWORD", postgres.password());
        if (redis.password() != null) {
            settings = settings.with("TIDEMARK_REDIS_PASSWORD", redis.password());
        }
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            settings = settings.with(variable.getKey(), variable.getValue());
        }
        if (System.getProperty("tidemark.speed") != null) {
            settings = settings.compiledFully();
        }
        return settings;
    }

    /** Starts the writer and waits until it is ready. */
    WriterStack start() {
        writer.start();
        return this;
    }

    String entry(int id) {
        return prefix + ":item:" + id;
    }

    /** The partition on which a row's changes are put. */
    static int partition(int id) {
        return Math.floorMod(id, 2);
    }

    void send(int id, byte[] value, Header... headers) {
        send(partition(id), Changes.key(id), value, headers);
    }

    void send(int partition, byte[] key, byte[] value, Header... headers) {
        producer.send(new ProducerRecord<>(topic, partition, key, value, List.of(headers)));
    }

    void flush() {
        producer.flush();
    }

    /** Waits until the writer's group has committed the end of every partition. */
    void awaitApplied() {
        flush();
        Await.until("the writer has applied everything", SOON).holds(() -> lag() == 0);
    }

    /** How many records of the topic are not committed yet. */
    long lag() throws Exception {
        long lag = 0;
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(prefix + ".cache-writer")
                .partitionsToOffsetAndMetadata()
                .get();
        for (int partition = 0; partition < 2; partition++) {
            TopicPartition place = new TopicPartition(topic, partition);
            OffsetAndMetadata offset = committed.get(place);
            lag += end(partition) - (offset == null ? 0 : offset.offset());
        }
        return lag;
    }

    /** The offset after a partition's last record. */
    long end(int partition) throws Exception {
        TopicPartition place = new TopicPartition(topic, partition);
        return admin.listOffsets(Map.of(place, org.apache.kafka.clients.admin.OffsetSpec.latest()))
                .partitionResult(place)
                .get()
                .offset();
    }

    String get(String key) throws IOException {
        try (RedisConnection connection = redis.connect()) {
            return connection.get(key);
        }
    }

    /** Waits until an entry's value holds a text; null for no value. */
    void awaitEntry(int id, String part) {
        Await.until("entry " + id + " is " + part, SOON).holds(() -> {
            String value = get(entry(id));
            return part == null ? value == null : value != null && value.contains(part);
        });
    }

    /** Every entry's value by its key. */
    Map<String, String> entries() throws IOException {
        try (RedisConnection connection = redis.connect()) {
            java.util.Set<String> keys = new java.util.TreeSet<>();
            connection.scan(prefix + ":item:*", keys::add);
            return keys.stream().collect(Collectors.toMap(key -> key, key -> {
                try {
                    return String.valueOf(connection.get(key));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }));
        }
    }

    long progress(String field) throws Exception {
        String body = writer.get("/api/progress").body();
        java.util.regex.Matcher found =
                java.util.regex.Pattern.compile("\"" + field + "\":(\\d+)").matcher(body);
        if (!found.find()) {
            throw new IllegalStateException("no " + field + " in " + body);
        }
        return Long.parseLong(found.group(1));
    }

    void sql(String statement) throws SQLException {
        try (Connection connection = postgres.connect(database);
                Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    long walLsn() throws SQLException {
        try (Connection connection = postgres.connect(database);
                Statement run = connection.createStatement();
                ResultSet row = run.executeQuery("select pg_current_wal_insert_lsn() - '0/0'")) {
            row.next();
            return row.getBigDecimal(1).longValue();
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
        admin.close(Duration.ofSeconds(1));
        writer.close();
    }
}
