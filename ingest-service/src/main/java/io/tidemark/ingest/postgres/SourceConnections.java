package io.tidemark.ingest.postgres;

import io.tidemark.core.pipeline.Database;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Opens connections to the source database. Thread-safe. */
public final class SourceConnections {
    private static final String CONNECT_TIMEOUT_SECONDS = "10";
    private static final String SOCKET_TIMEOUT_SECONDS = "30";

    private final Database database;

    public SourceConnections(Database database) {
        this.database = database;
    }

    /** A connection in auto-commit mode whose server notices within half a minute when this machine is gone. */
    public Connection open(String purpose) throws SQLException {
        Connection connection = DriverManager.getConnection(database.jdbcUrl(), properties(purpose));
        try (Statement statement = connection.createStatement()) {
            statement.execute("set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5;"
                    + " set tcp_keepalives_count = 3; set idle_session_timeout = 0");
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
    public ClusterIdentity identify() throws SQLException {
        Properties properties = properties("ingest-check");
        properties.setProperty("replication", "database");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "14");
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), properties);
                PreparedStatement identify = connection.prepareStatement("IDENTIFY_SYSTEM");
                ResultSet row = identify.executeQuery()) {
            row.next();
            return new ClusterIdentity(row.getString("systemid"), row.getInt("timeline"));
        }
    }

    /** Where the database is, for a message. */
    public String place() {
        return database.place();
    }

    /** Who a cluster is: its system identifier and its WAL's timeline. */
    public record ClusterIdentity(String systemIdentifier, int timeline) {}

    private Properties properties(String purpose) {
        Properties properties = database.connectionProperties();
        properties.setProperty("ApplicationName", "tidemark-" + purpose);
        properties.setProperty("connectTimeout", CONNECT_TIMEOUT_SECONDS);
        properties.setProperty("loginTimeout", CONNECT_TIMEOUT_SECONDS);
        properties.setProperty("socketTimeout", SOCKET_TIMEOUT_SECONDS);
        properties.setProperty("tcpKeepAlive", "true");
        return properties;
    }
}
