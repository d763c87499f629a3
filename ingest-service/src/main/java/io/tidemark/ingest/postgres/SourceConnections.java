package io.tidemark.ingest.postgres;

import io.tidemark.core.pipeline.Database;
import io.tidemark.core.postgres.SourceDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Opens connections to the source database. Thread-safe. */
public final class SourceConnections {
    private static final String SOCKET_TIMEOUT_SECONDS = "30";

    private final Database database;

    public SourceConnections(Database database) {
        this.database = database;
    }

    /** Where the database is, for a message. */
    public String place() {
        return database.place();
    }

    /** A connection in auto-commit mode whose server notices within half a minute when this machine is gone. */
    Connection open(String purpose) throws SQLException {
        SourceDatabase source = source(purpose);
        Connection connection = DriverManager.getConnection(source.jdbcUrl(), properties(source));
        try (Statement statement = connection.createStatement()) {
            statement.execute("set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5;"
                    // A tick has to be in the WAL here, and is not to wait for a stand-by.
                    + " set tcp_keepalives_count = 3; set idle_session_timeout = 0; set synchronous_commit = local");
            return connection;
        } catch (SQLException failed) {
            connection.close();
            throw failed;
        }
    }

    /**
     * Asks the cluster who it is over a replication connection, which needs the right and a free WAL sender, as the
     * stream will.
     */
    ClusterIdentity identify() throws SQLException {
        SourceDatabase source = source("ingest-check");
        Properties properties = properties(source);
        properties.setProperty("replication", "database");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "14");
        try (Connection connection = DriverManager.getConnection(source.jdbcUrl(), properties);
                PreparedStatement identify = connection.prepareStatement("IDENTIFY_SYSTEM");
                ResultSet row = identify.executeQuery()) {
            row.next();
            return new ClusterIdentity(row.getString("systemid"), row.getInt("timeline"));
        }
    }

    /** Who a cluster is: its system identifier and its WAL's timeline. */
    record ClusterIdentity(String systemIdentifier, int timeline) {}

    private SourceDatabase source(String purpose) {
        return new SourceDatabase(
                database.jdbcUrl(),
                database.user(),
                database.password() == null ? null : database.password().reveal(),
                "tidemark-" + purpose);
    }

    private static Properties properties(SourceDatabase source) {
        Properties properties = source.properties();
        properties.setProperty("socketTimeout", SOCKET_TIMEOUT_SECONDS);
        return properties;
    }
}
