package io.tidemark.ingest.debezium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.debezium.embedded.Connect;
import io.debezium.embedded.async.ConvertingAsyncEngineBuilderFactory;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.tidemark.ingest.stream.ChangeSink;
import io.tidemark.ingest.stream.OutgoingChange;
import io.tidemark.ingest.stream.PublishException;
import io.tidemark.ingest.stream.StreamListener;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.servers.SharedServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Debezium's engine takes Connect's RetriableException out of a handler for a passing trouble and polls on: the batch in
 * hand is lost. So no handler of ours may throw one, whatever Kafka throws at it.
 */
class RetriableTrapIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @Test
    void theEngineLosesTheBatchOfAHandlerThatThrowsARetriableException() throws Exception {
        String database = SharedServers.newDatabase();
        execute(database, "create table item (id int primary key)", "insert into item values (1), (2), (3)");
        Set<Integer> seen = new ConcurrentSkipListSet<>();
        Set<Integer> refused = new ConcurrentSkipListSet<>();
        AtomicBoolean thrown = new AtomicBoolean();
        DebeziumEngine<RecordChangeEvent<SourceRecord>> engine = engine(database, (batch, committer) -> {
            if (thrown.compareAndSet(false, true)) {
                batch.forEach(event -> id(event).ifPresent(refused::add));
                throw new RetriableException("Kafka is away for a moment");
            }
            batch.forEach(event -> id(event).ifPresent(seen::add));
            committer.markBatchFinished();
        });
        Thread thread = new Thread(engine);
        thread.start();
        Await.until("the batch was refused", LIMIT).holds(thrown::get);
        Await.until("a later row arrives", LIMIT).holds(() -> {
            execute(database, "insert into item select coalesce(max(id), 0) + 1 from item");
            return seen.stream().anyMatch(id -> id > 3);
        });
        engine.close();
        thread.join();
        execute(database, "select pg_drop_replication_slot('trap')");

        // Should this ever fail, Debezium has mended it.
        assertThat(refused).isNotEmpty();
        assertThat(seen).doesNotContainAnyElementsOf(refused);
    }

    @Test
    void whatTheSinkThrowsLeavesOurHandlerAsSomethingTheEngineStopsAt() {
        BatchHandler handler = handler(new RetriableException("Kafka is away for a moment"));

        assertThatThrownBy(() -> handler.handleBatch(List.of(record()), new NoCommitter()))
                .isInstanceOf(PublishException.class)
                .isNotInstanceOf(RetriableException.class)
                .hasRootCauseMessage("Kafka is away for a moment");
    }

    @Test
    void nothingIsMarkedBeforeItIsAcknowledged() {
        BatchHandler handler = handler(new IllegalStateException("refused"));
        NoCommitter committer = new NoCommitter();

        assertThatThrownBy(() -> handler.handleBatch(List.of(record()), committer))
                .isInstanceOf(PublishException.class);
        assertThat(committer.marked).isFalse();
    }

    private static BatchHandler handler(RuntimeException refusal) {
        ChangeSink sink = new ChangeSink() {
            @Override
            public int mostBytes() {
                return 1000;
            }

            @Override
            public void publish(OutgoingChange change) {}

            @Override
            public void awaitAcknowledged() {
                throw refusal;
            }
        };
        return new BatchHandler(new RecordPublisher(sink), sink, transactions -> {}, StreamListener.NONE);
    }

    private static RecordChangeEvent<SourceRecord> record() {
        Schema source = SchemaBuilder.struct()
                .field("txId", Schema.OPTIONAL_INT64_SCHEMA)
                .field("schema", Schema.STRING_SCHEMA)
                .field("table", Schema.STRING_SCHEMA)
                .field("sequence", Schema.STRING_SCHEMA)
                .build();
        Schema schema = SchemaBuilder.struct()
                .field("op", Schema.STRING_SCHEMA)
                .field("source", source)
                .build();
        Struct value = new Struct(schema)
                .put("op", "c")
                .put(
                        "source",
                        new Struct(source)
                                .put("txId", 7L)
                                .put("schema", "public")
                                .put("table", "item")
                                .put("sequence", "[\"1\",\"2\"]"));
        SourceRecord record = new SourceRecord(Map.of(), Map.of("lsn", 1L), "t", schema, value);
        return () -> record;
    }

    private static Optional<Integer> id(RecordChangeEvent<SourceRecord> event) {
        return event.record().value() instanceof Struct value
                        && value.schema().field("after") != null
                        && value.get("after") instanceof Struct after
                ? Optional.of(after.getInt32("id"))
                : Optional.empty();
    }

    private DebeziumEngine<RecordChangeEvent<SourceRecord>> engine(
            String database, ChangeConsumer<RecordChangeEvent<SourceRecord>> handler) {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "name", "trap",
                "topic.prefix", "trap",
                "connector.class", "io.debezium.connector.postgresql.PostgresConnector",
                "offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore",
                "offset.storage.file.filename", directory.resolve("offsets").toString(),
                "plugin.name", "pgoutput",
                "slot.name", "trap",
                "poll.interval.ms", "10",
                "retriable.restart.connector.wait.ms", "10",
                "errors.retry.delay.initial.ms", "10"));
        settings.putAll(Map.of(
                "database.hostname",
                "127.0.0.1",
                "database.port",
                Integer.toString(SharedServers.postgres().port()),
                "database.user",
                SharedServers.postgres().user(),
                "database.password",
                SharedServers.postgres().password(),
                "database.dbname",
                database,
                "publication.autocreate.mode",
                "filtered",
                "table.include.list",
                "public.item"));
        return new ConvertingAsyncEngineBuilderFactory()
                .builder(ChangeEventFormat.of(Connect.class))
                .using(settings)
                .notifying(handler)
                .build();
    }

    private static void execute(String database, String... statements) throws SQLException {
        try (Connection connection = SharedServers.postgres().connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Knows whether anything was marked. */
    private static final class NoCommitter implements RecordCommitter<RecordChangeEvent<SourceRecord>> {
        private boolean marked;

        @Override
        public void markProcessed(RecordChangeEvent<SourceRecord> record) {
            marked = true;
        }

        @Override
        public void markBatchFinished() {
            marked = true;
        }

        @Override
        public void markProcessed(RecordChangeEvent<SourceRecord> record, DebeziumEngine.Offsets offsets) {
            marked = true;
        }

        @Override
        public DebeziumEngine.Offsets buildOffsets() {
            throw new UnsupportedOperationException("the handler marks records, and makes no offsets of its own");
        }
    }
}
