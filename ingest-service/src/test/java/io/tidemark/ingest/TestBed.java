package io.tidemark.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.core.change.Change;
import io.tidemark.core.change.EnvelopeReader;
import io.tidemark.core.freshness.Progress;
import io.tidemark.core.pipeline.PipelineFile;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.servers.SharedServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A database, a slot and a prefix of its own, and ingest-service's stream over them within this JVM. */
final class TestBed implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(40);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final String database = SharedServers.newDatabase();
    final String prefix = "t" + NUMBER.incrementAndGet();
    final String slot = "slot_" + prefix;
    final List<String> refusals = new CopyOnWriteArrayList<>();
    final List<String> tables;
    final IngestSettings settings;
    StreamProgress progress = new StreamProgress(System::nanoTime);
    StateBoard board = new StateBoard(java.time.Clock.systemUTC());
    private Supervisor supervisor;
    private String bootstrap;

    TestBed(String... tables) {
        this(IngestSettings.fromEnvironment(Map.of()), tables);
    }

    TestBed(IngestSettings settings, String... tables) {
        this.settings = settings;
        this.tables = new ArrayList<>(List.of(tables));
    }

    /** With a Kafka of the test's own. */
    TestBed on(String kafka) {
        bootstrap = kafka;
        return this;
    }

    private String bootstrap() {
        return bootstrap == null ? SharedServers.kafka().bootstrap() : bootstrap;
    }

    PipelineFile file() {
        return PipelineFile.parse("tidemark.yaml", text().getBytes(UTF_8), environment());
    }

    /** The pipeline file. */
    String text() {
        return Stream.concat(
                        Stream.of("tidemark: 1", "tables:"), tables.stream().map(table -> "  " + table + ": {}"))
                .collect(Collectors.joining("\n"));
    }

    Map<String, String> environment() {
        return Map.of(
                "TIDEMARK_SOURCE_URL",
                "postgresql://" + SharedServers.postgres().user() + "@127.0.0.1:"
                        + SharedServers.postgres().port() + "/" + database,
                "TIDEMARK_SOURCE_PASSWORD",
                SharedServers.postgres().password(),
                "TIDEMARK_SOURCE_SLOT",
                slot,
                "TIDEMARK_SOURCE_PUBLICATION",
                "publication_" + prefix,
                "TIDEMARK_KAFKA_BOOTSTRAP",
                bootstrap(),
                "TIDEMARK_KAFKA_PREFIX",
                prefix);
    }

    /** Starts the stream, as a new process would. */
    TestBed start() {
        progress = new StreamProgress(System::nanoTime);
        board = new StateBoard(java.time.Clock.systemUTC());
        supervisor = IngestFactory.supervisor(file(), settings, progress, board, refusals::add);
        supervisor.start();
        return this;
    }

    /** Starts it and waits until everything committed so far is published. */
    TestBed startAndCatchUp() throws SQLException {
        start();
        awaitCaughtUp();
        return this;
    }

    void stop() {
        supervisor.close();
    }

    void awaitCaughtUp() throws SQLException {
        long wal = walLsn();
        Await.until("everything up to " + wal + " is published", LIMIT)
                .sees(
                        () -> Long.toUnsignedString(progress.publishedLsn()) + " " + board.state() + refusals,
                        seen -> Long.compareUnsigned(progress.publishedLsn(), wal) >= 0);
    }

    long walLsn() throws SQLException {
        return io.tidemark.ingest.epoch.Lsn.parse(ask("select pg_current_wal_insert_lsn()::text"));
    }

    void sql(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    String ask(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    Connection connect() throws SQLException {
        return SharedServers.postgres().connect(database);
    }

    String topic(String table) {
        return prefix + "." + table;
    }

    /** All records of a topic, in the order of each partition. */
    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap(),
                        "fetch.max.bytes",
                        100_000_000,
                        "max.partition.fetch.bytes",
                        100_000_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(each -> new TopicPartition(topic, each.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    /** All changes of a table's topic; tombstones are left out. */
    List<Change> changes(String table) {
        EnvelopeReader reader = new EnvelopeReader();
        return records(topic(table)).stream()
                .filter(record -> record.value() != null)
                .map(record -> reader.read(record.key(), record.value(), name -> header(record, name)))
                .toList();
    }

    static byte[] header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : header.value();
    }

    /** Waits until the changes of a table are as expected. */
    List<Change> awaitChanges(String table, String what, Predicate<List<Change>> expected) {
        return Await.until(what, LIMIT).sees(() -> changes(table), expected::test);
    }

    Progress newestProgress() {
        List<ConsumerRecord<byte[], byte[]>> records = records(prefix + ".tidemark.progress");
        return Progress.parse(records.get(records.size() - 1).value());
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrap()));
    }

    @Override
    public void close() throws SQLException {
        if (supervisor != null) {
            stop();
        }
        sql("select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '" + slot
                + "' and not active");
    }
}
