package io.tidemark.testkit.postgres;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How an embedded PostgreSQL runs.
 *
 * @param directory holds its data, its log and the file with its password; made when absent
 * @param port on the loopback address; 0 = any free one
 * @param database created at the first start
 * @param durable whether commits survive a power cut (fsync); without it they still survive the kill of the server, but
 *     not always a crash of the machine, and everything is faster
 * @param parameters more server parameters, over the defaults
 */
public record PostgresSettings(
        Path directory, int port, String database, boolean durable, Map<String, String> parameters) {

    public PostgresSettings {
        directory = directory.toAbsolutePath().normalize();
        parameters = Map.copyOf(parameters);
        if (!database.matches("[a-z_][a-z0-9_]{0,62}")) {
            throw new IllegalArgumentException(
                    "expected a database name of lower-case letters, digits and _, found \"" + database + "\"");
        }
    }

    /** Any free port, database {@code tidemark}, durable. */
    public static PostgresSettings in(Path directory) {
        return new PostgresSettings(directory, 0, "tidemark", true, Map.of());
    }

    public PostgresSettings withPort(int newPort) {
        return new PostgresSettings(directory, newPort, database, durable, parameters);
    }

    public PostgresSettings withDatabase(String newDatabase) {
        return new PostgresSettings(directory, port, newDatabase, durable, parameters);
    }

    /** Without fsync: for tests, where only processes die and never the machine. */
    public PostgresSettings notDurable() {
        return new PostgresSettings(directory, port, database, false, parameters);
    }

    public PostgresSettings with(String parameter, String value) {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(parameter, value);
        return new PostgresSettings(directory, port, database, durable, more);
    }

    /** Every server parameter but the port, as given on the command line. */
    Map<String, String> allParameters() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("listen_addresses", "127.0.0.1");
        all.put("unix_socket_directories", "");
        all.put("wal_level", "logical");
        all.put("max_wal_senders", "20");
        all.put("max_replication_slots", "20");
        all.put("max_prepared_transactions", "10");
        // Off, the WAL would be flushed every 200 ms only, and each change would arrive about 100 ms late.
        all.put("synchronous_commit", "on");
        all.put("fsync", durable ? "on" : "off");
        all.put("max_wal_size", "2GB");
        all.put("timezone", "UTC");
        all.put("log_timezone", "UTC");
        all.put("logging_collector", "off");
        all.put("log_destination", "stderr");
        all.put("jit", "off");
        all.putAll(parameters);
        return all;
    }
}
