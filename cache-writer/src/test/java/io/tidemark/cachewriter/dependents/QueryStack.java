package io.tidemark.cachewriter.dependents;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.kafka.NewTopics;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A cache-writer as a process, with departments, categories and products in a database of their own and a Redis of its own.
 * Changes are written to the database and handed to Kafka by the test.
 */
final class QueryStack implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TABLES = List.of("department", "category", "product");

    final ServiceProcess writer;
    private final EmbeddedRedis redis;
    private final String database = SharedServers.newDatabase();
    private final String prefix = "q" + UUID.randomUUID().toString().substring(0, 8);
    private final KafkaProducer<byte[], byte[]> producer;
    private final Admin admin;
    private long lsn;

    /** @param caches the caches, as the pipeline file has them */
    QueryStack(Path directory, String caches) throws Exception {
        redis = new EmbeddedRedis(RedisSettings.in(directory.resolve("redis")));
        redis.start();
        sql("""
                create table department (id int primary key, name text);
                create table category (id int primary key, department_id int, name text);
                create table product (id int primary key, category_id int, name text, slugs jsonb, stock int);
                create index on product (category_id);
                create function gate() returns int language plpgsql as $$ begin
                  perform pg_advisory_lock_shared(77); perform pg_advisory_unlock_shared(77); return 0; end $$;
                """);
        Properties client = new Properties();
        client.put("bootstrap.servers", SharedServers.kafka().bootstrap());
        admin = Admin.create(client);
        NewTopics.make(
                admin,
                TABLES.stream()
                        .map(table ->
                                new NewTopic(topic(table), 1, (short) 1).configs(Map.of("cleanup.policy", "compact")))
                        .toList());
        producer = new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
        Path file = directory.resolve("tidemark.yaml");
        Files.writeString(
                file,
                """
                tidemark: 1
                source: {url: "%s"}
                kafka: {bootstrap: "%s", prefix: %s, properties: {session.timeout.ms: "6000", heartbeat.interval.ms: "1000"}}
                redis: {url: "%s"}
                caches:
                """.formatted(
                                        SharedServers.postgres().url().replaceAll("/[^/]*$", "/" + database),
                                        SharedServers.kafka().bootstrap(),
                                        prefix,
                                        redis.url())
                        + caches.indent(2));
        writer = new ServiceProcess(ServiceSettings.ofModule("cache-writer", directory)
                .with("TIDEMARK_CONFIG", file.toString())
                .with("TIDEMARK_SOURCE_PASSWORD", SharedServers.postgres().password()));
        lsn = walLsn() - 1_000_000;
    }

    private String topic(String table) {
        return prefix + ".public." + table;
    }

    Connection connect() throws SQLException {
        return SharedServers.postgres().connect(database);
    }

    void sql(String statement) throws SQLException {
        try (Connection connection = connect();
                Statement run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    private long walLsn() throws SQLException {
        return Long.parseLong(one("select (pg_current_wal_insert_lsn() - '0/0')::text"));
    }

    /** The first column of the first row; null when there is none. */
    String one(String query) throws SQLException {
        try (Connection connection = connect();
                Statement run = connection.createStatement();
                ResultSet row = run.executeQuery(query)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    /** Runs a statement and hands Kafka the changes of rows that it made. */
    void change(String operation, String table, String statement, int... ids) throws Exception {
        sql(statement);
        for (int id : ids) {
            send(operation, table, id);
        }
    }

    /** Hands Kafka a change that leaves a row as it is in the database now. */
    void send(String operation, String table, int id) throws Exception {
        send(operation, table, id, 1);
    }

    /** The same, as so many changes. */
    void send(String operation, String table, int id, int times) throws Exception {
        String row = one("select to_jsonb(t)::text from " + table + " t where id = " + id);
        if (row != null) {
            ObjectNode after = (ObjectNode) JSON.readTree(row);
            for (String name : List.of("slugs")) {
                JsonNode value = after.get(name);
                if (value != null && value.isContainerNode()) {
                    after.put(name, value.toString());
                }
            }
            row = after.toString();
        }
        byte[] key = ("{\"id\":" + id + "}").getBytes(UTF_8);
        for (int i = 0; i < times; i++) {
            producer.send(new ProducerRecord<>(topic(table), key, envelope(operation, table, row)));
        }
        if (operation.equals("d")) {
            producer.send(new ProducerRecord<>(topic(table), key, null));
        }
        producer.flush();
    }

    private byte[] envelope(String operation, String table, String row) {
        lsn += 8;
        long millis = System.currentTimeMillis();
        return ("{\"before\":null,\"after\":" + (operation.equals("d") ? "null" : row) + ",\"op\":\"" + operation
                        + "\",\"ts_ms\":" + millis + ",\"source\":{\"schema\":\"public\",\"table\":\"" + table
                        + "\",\"ts_us\":" + millis * 1000 + ",\"ts_ms\":" + millis + ",\"sequence\":\"[\\\"" + lsn
                        + "\\\",\\\"" + lsn + "\\\"]\",\"lsn\":" + lsn + "}}")
                .getBytes(UTF_8);
    }

    String get(String key) throws IOException {
        try (RedisConnection connection = redis.connect()) {
            return connection.get(key);
        }
    }

    Object redis(String... command) throws IOException {
        try (RedisConnection connection = redis.connect()) {
            return connection.call(command);
        }
    }

    List<String> keys(String pattern) throws IOException {
        List<String> keys = new ArrayList<>();
        try (RedisConnection connection = redis.connect()) {
            connection.scan(pattern, keys::add);
        }
        return keys.stream().sorted().distinct().toList();
    }

    /** Waits until a key holds a part of a text; null for no value. */
    void awaitEntry(String key, String part) {
        Await.until(key + " holds " + part, SOON).holds(() -> {
            String value = get(key);
            return part == null ? value == null : value != null && value.contains(part);
        });
    }

    /** Waits until nothing of a cache is due. */
    void awaitDone(String cache) {
        Await.until("nothing of " + cache + " is due", SOON)
                .holds(() -> redis("ZCARD", "tm.due:{" + cache + "}").equals(0L));
    }

    void awaitCommitted() {
        Await.until("all offsets are committed", SOON).holds(() -> {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(prefix + ".cache-writer")
                    .partitionsToOffsetAndMetadata()
                    .get();
            for (String table : TABLES) {
                TopicPartition place = new TopicPartition(topic(table), 0);
                long end = admin.listOffsets(Map.of(place, OffsetSpec.latest()))
                        .partitionResult(place)
                        .get()
                        .offset();
                OffsetAndMetadata offset = committed.get(place);
                if (end > (offset == null ? 0 : offset.offset())) {
                    return false;
                }
            }
            return true;
        });
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
        admin.close(Duration.ofSeconds(1));
        writer.close();
        redis.kill();
    }
}
