package io.tidemark.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.core.capture.ChangeTopics;
import io.tidemark.core.capture.ConnectorSettings;
import io.tidemark.core.change.ChangeHeaders;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.pipeline.Topics;
import io.tidemark.core.postgres.TableShape;
import java.util.Collection;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Debezium's connector for a Kafka Connect cluster, such that what it writes to Kafka is what ingest-service would write: the
 * settings that both share, and what Connect's own converters and transformations add.
 */
final class ConnectorJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JSON_CONVERTER = "org.apache.kafka.connect.json.JsonConverter";
    private static final String TRANSFORMS = "org.apache.kafka.connect.transforms.";
    private static final String MOVED = "tidemark.moved";

    /** How often the connector says how far it has read, and moves the WAL on so that there is something to say. */
    private static final int HEARTBEAT_MILLIS = 1_000;

    private ConnectorJson() {}

    /**
     * The object that Connect's {@code POST /connectors} takes.
     *
     * @param shapes the followed tables as they are now, those that are known
     * @param keys what gives a TRUNCATE's record a key
     * @param epoch which life of the change stream it continues or is
     * @param password how the configuration refers to the password; null for none
     */
    static ObjectNode of(
            Pipeline pipeline, Collection<TableShape> shapes, TruncateKeys keys, int epoch, @Nullable String password) {
        Topics topics = pipeline.kafka().topics();
        SortedMap<String, String> config = ConnectorSettings.of(pipeline, pipeline.followedTables(), shapes);
        if (password != null) {
            config.put("database.password", password);
        }
        // PostgreSQL may take a worker that was cut off for the slot's reader until its wal_sender_timeout, a minute.
        config.put("slot.max.retries", "60");
        config.put("slot.retry.delay.ms", "2000");
        putHeartbeat(config, topics);
        // In the topic and under the key that ingest-service has: whoever comes next goes on where the other was.
        config.put("offsets.storage.topic", topics.offsets());
        putForm(config);
        putTransforms(config, topics.prefix(), epoch);
        keys.put(config);
        putTopics(config, pipeline);
        putProducer(config);
        ObjectNode connector = JSON.createObjectNode();
        connector.put("name", topics.prefix());
        ObjectNode inOrder = connector.putObject("config");
        config.forEach(inOrder::put);
        return connector;
    }

    private static void putHeartbeat(SortedMap<String, String> config, Topics topics) {
        config.put("heartbeat.interval.ms", Integer.toString(HEARTBEAT_MILLIS));
        config.put(
                "heartbeat.action.query",
                "select pg_logical_emit_message(true, '" + ConnectorSettings.MESSAGE_PREFIX + "', '')");
        config.put("topic.heartbeat.prefix", topics.heartbeats());
    }

    private static void putForm(SortedMap<String, String> config) {
        for (String each : new String[] {"key", "value", "header"}) {
            config.put(each + ".converter", JSON_CONVERTER);
            config.put(each + ".converter.schemas.enable", "false");
            // Its default writes a column's default where the row has null.
            config.put(each + ".converter.replace.null.with.default", "false");
        }
    }

    private static void putTransforms(SortedMap<String, String> config, String prefix, int epoch) {
        config.put("predicates", "isMessage,isMoved,isTombstone,isMarked");
        predicate(config, "isMessage", "TopicNameMatches", "pattern", Pattern.quote(prefix + ".message"));
        predicate(config, "isMoved", "HasHeaderKey", "name", ChangeHeaders.NEW_KEY);
        config.put("predicates.isTombstone.type", TRANSFORMS + "predicates.RecordIsTombstone");
        predicate(config, "isMarked", "HasHeaderKey", "name", MOVED);

        config.put("transforms", "dropMessages,capturedBy,epoch,markMoved,unmarkChanges,dropMarked");
        filter(config, "dropMessages", "isMessage");
        insertHeader(config, "capturedBy", ChangeHeaders.CAPTURED_BY, "kafka-connect");
        insertHeader(config, "epoch", ChangeHeaders.EPOCH, Integer.toString(epoch));
        // The tombstone behind the delete half of a changed primary key: compaction has to keep the delete, which says
        // so.
        insertHeader(config, "markMoved", MOVED, "1");
        config.put("transforms.markMoved.predicate", "isMoved");
        config.put("transforms.unmarkChanges.type", TRANSFORMS + "DropHeaders");
        config.put("transforms.unmarkChanges.headers", MOVED);
        config.put("transforms.unmarkChanges.predicate", "isTombstone");
        config.put("transforms.unmarkChanges.negate", "true");
        filter(config, "dropMarked", "isMarked");
    }

    private static void predicate(
            SortedMap<String, String> config, String name, String type, String setting, String value) {
        config.put("predicates." + name + ".type", TRANSFORMS + "predicates." + type);
        config.put("predicates." + name + "." + setting, value);
    }

    private static void filter(SortedMap<String, String> config, String name, String predicate) {
        config.put("transforms." + name + ".type", TRANSFORMS + "Filter");
        config.put("transforms." + name + ".predicate", predicate);
    }

    private static void insertHeader(SortedMap<String, String> config, String name, String header, String value) {
        config.put("transforms." + name + ".type", TRANSFORMS + "InsertHeader");
        config.put("transforms." + name + ".header", header);
        config.put("transforms." + name + ".value.literal", value);
    }

    private static void putTopics(SortedMap<String, String> config, Pipeline pipeline) {
        String replication = Integer.toString(pipeline.kafka().replication());
        config.put(
                "topic.creation.default.partitions",
                Integer.toString(pipeline.kafka().partitions()));
        config.put("topic.creation.default.replication.factor", replication);
        ChangeTopics.SETTINGS.forEach((name, value) -> config.put("topic.creation.default." + name, value));
        config.put("topic.creation.groups", "heartbeats");
        config.put(
                "topic.creation.heartbeats.include",
                Pattern.quote(pipeline.kafka().topics().heartbeats()) + ".*");
        config.put("topic.creation.heartbeats.partitions", "1");
        config.put("topic.creation.heartbeats.replication.factor", replication);
        config.put("topic.creation.heartbeats.cleanup.policy", "compact");
    }

    /** As ingest-service's own: nothing lost, nothing out of order, large rows too. */
    private static void putProducer(SortedMap<String, String> config) {
        config.put("producer.override.acks", "all");
        config.put("producer.override.enable.idempotence", "true");
        config.put("producer.override.compression.type", "lz4");
        config.put("producer.override.max.request.size", Integer.toString(ChangeTopics.MOST_RECORD_BYTES));
        config.put("producer.override.buffer.memory", Integer.toString(ChangeTopics.MOST_RECORD_BYTES));
    }
}
