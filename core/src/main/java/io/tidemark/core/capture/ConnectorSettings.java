package io.tidemark.core.capture;

import io.tidemark.core.change.TableId;
import io.tidemark.core.document.DebeziumForm;
import io.tidemark.core.pipeline.Database;
import io.tidemark.core.pipeline.Pipeline;
import io.tidemark.core.postgres.TableShape;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The settings of Debezium's PostgreSQL connector that decide what is captured, from where and in which form: the same in
 * ingest-service and on a Kafka Connect cluster. Those whose defaults lose or hide data are all set. The password is not
 * among them: each has its own way to it.
 */
public final class ConnectorSettings {
    /** The prefix of the logical messages that are written into the WAL so that its end is seen to be reached. */
    public static final String MESSAGE_PREFIX = "tidemark";

    /** How many records a batch has at most. */
    public static final int LARGEST_BATCH = 512;

    private static final int POLL_MILLIS = 2;
    private static final int QUEUE_BYTES = 24 * 1024 * 1024;

    private ConnectorSettings() {}

    /**
     * All of them, by the connector's names.
     *
     * @param tables the tables to follow
     * @param shapes the same tables as they are now; with some missing, early dates in those are not read exactly by a
     *     snapshot
     * @throws io.tidemark.core.pipeline.InvalidPipelineException when the pipeline names no database
     */
    public static SortedMap<String, String> of(
            Pipeline pipeline, Collection<TableId> tables, Collection<TableShape> shapes) {
        SortedMap<String, String> settings = new TreeMap<>(DebeziumForm.settings(shapes));
        settings.put("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        settings.put("topic.prefix", pipeline.kafka().prefix());
        settings.put("tasks.max", "1");
        putSource(settings, pipeline, tables);
        putCompleteness(settings);
        putSpeed(settings);
        return settings;
    }

    private static void putSource(SortedMap<String, String> settings, Pipeline pipeline, Collection<TableId> tables) {
        Database database = pipeline.source().requireDatabase();
        settings.put("database.hostname", database.host());
        settings.put("database.port", Integer.toString(database.port()));
        settings.put("database.user", database.user());
        settings.put("database.dbname", database.name());
        // A Connect cluster has not the class that encrypts for the services: there the driver's own does.
        database.security().entrySet().stream()
                .filter(property -> !property.getKey().equals("sslfactory"))
                .forEach(property -> settings.put("database." + property.getKey(), property.getValue()));
        settings.put("database.tcpKeepAlive", "true");
        settings.put("plugin.name", "pgoutput");
        settings.put("slot.name", pipeline.source().slot());
        settings.put("slot.drop.on.stop", "false");
        settings.put("publication.name", pipeline.source().publication());
        // The publication is ours to make: Debezium's default would publish every table of the database.
        settings.put("publication.autocreate.mode", "disabled");
        settings.put(
                "table.include.list",
                tables.stream().map(ConnectorSettings::pattern).collect(Collectors.joining(",")));
        settings.put("message.prefix.include.list", MESSAGE_PREFIX);
    }

    private static void putCompleteness(SortedMap<String, String> settings) {
        settings.put("snapshot.mode", "initial");
        settings.put("snapshot.isolation.mode", "repeatable_read");
        settings.put("snapshot.locking.mode", "none");
        settings.put("skipped.operations", "none");
        settings.put("tombstones.on.delete", "true");
        settings.put("event.processing.failure.handling.mode", "fail");
        settings.put("schema.refresh.mode", "columns_diff");
        // A slot that is ahead of the stored offset is a gap. ingest-service looks for it before the engine starts, and
        // heals it; should it come up otherwise, the connector stops instead of going on.
        settings.put("offset.mismatch.strategy", "trust_offset");
    }

    private static void putSpeed(SortedMap<String, String> settings) {
        settings.put("poll.interval.ms", Integer.toString(POLL_MILLIS));
        settings.put("max.batch.size", Integer.toString(LARGEST_BATCH));
        settings.put("max.queue.size", Integer.toString(4 * LARGEST_BATCH));
        settings.put("max.queue.size.in.bytes", Integer.toString(QUEUE_BYTES));
        settings.put("snapshot.fetch.size", "2000");
        // Three headers on every record that say which connector it came from, which the topic's prefix says already.
        settings.put("extended.headers.enabled", "false");
        settings.put("status.update.interval.ms", "5000");
    }

    private static String pattern(TableId table) {
        return Pattern.quote(table.schema()).replace(",", "\\E\\x2c\\Q") + "\\."
                + Pattern.quote(table.table()).replace(",", "\\E\\x2c\\Q");
    }
}
