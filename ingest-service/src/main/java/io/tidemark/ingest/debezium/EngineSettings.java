package io.tidemark.ingest.debezium;

import io.tidemark.core.capture.ConnectorSettings;
import io.tidemark.core.change.TableId;
import io.tidemark.core.pipeline.Database;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.postgres.TableShape;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;

/** The settings of Debezium's engine, and of the connector what {@link ConnectorSettings} does not say for all. */
final class EngineSettings {
    /** How often Debezium says, when idle, how far it has read. */
    static final int HEARTBEAT_MILLIS = 50;

    private static final int OFFSET_FLUSH_MILLIS = 500;

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
        settings.putAll(ConnectorSettings.of(pipeline, tables, shapes));
        settings.setProperty("name", pipeline.kafka().prefix());
        Database database = pipeline.source().requireDatabase();
        settings.setProperty(
                "database.password",
                database.password() == null ? "" : database.password().reveal());
        database.security().forEach((name, value) -> settings.setProperty("database." + name, value));
        settings.setProperty("topic.naming.strategy", KeptTopicNames.class.getName());
        settings.setProperty("heartbeat.interval.ms", Integer.toString(HEARTBEAT_MILLIS));
        // Debezium would start again by itself and lose the batch in hand; the supervisor does it without a loss.
        settings.setProperty("errors.max.retries", "0");
        settings.setProperty("slot.max.retries", "1");
        settings.setProperty("slot.retry.delay.ms", "1000");
        settings.setProperty("queue.provider.type", PatientQueue.NAME);
        settings.setProperty("record.processing.threads", "1");
        settings.setProperty("record.processing.shutdown.timeout.ms", "2000");
        putOffsets(settings, pipeline);
        return settings;
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
}
