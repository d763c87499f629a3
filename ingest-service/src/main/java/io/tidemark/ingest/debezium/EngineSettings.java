package io.tidemark.ingest.debezium;

import io.tidemark.core.change.TableId;
import io.tidemark.core.document.DebeziumForm;
import io.tidemark.core.pipeline.Database;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.postgres.TableShape;
import io.tidemark.ingest.postgres.WalTicker;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The settings of Debezium's connector and engine. Those whose defaults lose or hide data are all set. */
final class EngineSettings {
    /** How often Debezium says, when idle, how far it has read. */
    static final int HEARTBEAT_MILLIS = 50;

    /** How many records a batch has at most. */
    static final int LARGEST_BATCH = 512;

    private static final int POLL_MILLIS = 2;
    private static final int OFFSET_FLUSH_MILLIS = 500;
    private static final int QUEUE_BYTES = 24 * 1024 * 1024;

    private EngineSettings() {}

    /**
     * All of them.
     *
     * @param shapes the tables as they are now
     * @param kafka what every Kafka client gets
     */
    static Properties of(
            Pipeline pipeline, Collection<TableId> tables, Collection<TableShape> shapes, Map<String, Object> kafka) {
        Properties settings = new Properties();
        kafka.forEach((name, value) -> settings.setProperty(name, value.toString()));
        settings.putAll(DebeziumForm.settings(shapes));
        settings.setProperty("name", pipeline.kafka().prefix());
        settings.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        settings.setProperty("topic.prefix", pipeline.kafka().prefix());
        settings.setProperty("tasks.max", "1");
        settings.setProperty("topic.naming.strategy", KeptTopicNames.class.getName());
        putSource(settings, pipeline, tables);
        putCompleteness(settings);
        putOffsets(settings, pipeline);
        putSpeed(settings);
        return settings;
    }

    private static void putSource(Properties settings, Pipeline pipeline, Collection<TableId> tables) {
        Database database = pipeline.source().requireDatabase();
        settings.setProperty("database.hostname", database.host());
        settings.setProperty("database.port", Integer.toString(database.port()));
        settings.setProperty("database.user", database.user());
        settings.setProperty(
                "database.password",
                database.password() == null ? "" : database.password().reveal());
        settings.setProperty("database.dbname", database.name());
        settings.setProperty("database.sslmode", database.sslMode().text());
        if (database.sslRootCertificate() != null) {
            settings.setProperty(
                    "database.sslrootcert", database.sslRootCertificate().toString());
        }
        settings.setProperty("database.tcpKeepAlive", "true");
        settings.setProperty("plugin.name", "pgoutput");
        settings.setProperty("slot.name", pipeline.source().slot());
        settings.setProperty("slot.drop.on.stop", "false");
        settings.setProperty("slot.max.retries", "1");
        settings.setProperty("slot.retry.delay.ms", "1000");
        settings.setProperty("publication.name", pipeline.source().publication());
        // The publication is ours to make: Debezium's default would publish every table of the database.
        settings.setProperty("publication.autocreate.mode", "disabled");
        settings.setProperty(
                "table.include.list",
                tables.stream().map(EngineSettings::pattern).collect(Collectors.joining(",")));
        settings.setProperty("message.prefix.include.list", WalTicker.PREFIX);
    }

    private static void putCompleteness(Properties settings) {
        settings.setProperty("snapshot.mode", "initial");
        settings.setProperty("snapshot.isolation.mode", "repeatable_read");
        settings.setProperty("snapshot.locking.mode", "none");
        settings.setProperty("skipped.operations", "none");
        settings.setProperty("tombstones.on.delete", "true");
        settings.setProperty("event.processing.failure.handling.mode", "fail");
        settings.setProperty("schema.refresh.mode", "columns_diff");
        // A slot that is ahead of the stored offset is a gap. It is looked for before the engine starts, and healed;
        // should it come up in between, the engine stops instead of going on.
        settings.setProperty("offset.mismatch.strategy", "trust_offset");
        settings.setProperty("heartbeat.interval.ms", Integer.toString(HEARTBEAT_MILLIS));
        // Debezium would start again by itself and lose the batch in hand; the supervisor does it without a loss.
        settings.setProperty("errors.max.retries", "0");
    }

    private static void putOffsets(Properties settings, Pipeline pipeline) {
        settings.setProperty("offset.storage", "org.apache.kafka.connect.storage.KafkaOffsetBackingStore");
        settings.setProperty("offset.storage.topic", pipeline.kafka().topics().offsets());
        settings.setProperty("offset.storage.partitions", "1");
        settings.setProperty(
                "offset.storage.replication.factor",
                Integer.toString(pipeline.kafka().replication()));
        settings.setProperty("offset.flush.interval.ms", Integer.toString(OFFSET_FLUSH_MILLIS));
        settings.setProperty("offset.flush.timeout.ms", "10000");
    }

    private static void putSpeed(Properties settings) {
        settings.setProperty("poll.interval.ms", Integer.toString(POLL_MILLIS));
        settings.setProperty("queue.provider.type", PatientQueue.NAME);
        settings.setProperty("max.batch.size", Integer.toString(LARGEST_BATCH));
        settings.setProperty("max.queue.size", Integer.toString(4 * LARGEST_BATCH));
        settings.setProperty("max.queue.size.in.bytes", Integer.toString(QUEUE_BYTES));
        settings.setProperty("snapshot.fetch.size", "2000");
        settings.setProperty("record.processing.threads", "1");
        // Three headers on every record that say which connector it came from, which the topic's prefix says already.
        settings.setProperty("extended.headers.enabled", "false");
        settings.setProperty("status.update.interval.ms", "5000");
        settings.setProperty("record.processing.shutdown.timeout.ms", "2000");
    }

    private static String pattern(TableId table) {
        return Pattern.quote(table.schema()).replace(",", "\\E\\x2c\\Q") + "\\."
                + Pattern.quote(table.table()).replace(",", "\\E\\x2c\\Q");
    }
}
