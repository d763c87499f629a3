package io.tidemark.core.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL database that changes come from, and how to connect to it. Thread-safe.
 *
 * <p>A pool takes {@link #jdbcUrl()} and {@link #properties()} and runs {@link #SESSION} on every new connection.
 */
public final class SourceDatabase {
    /** Makes a session's {@code to_jsonb} the form documents have, whatever the database's own settings are. */
    public static final String SESSION =
            "set timezone to 'UTC'; set datestyle to 'ISO, YMD'; set intervalstyle to 'postgres';"
                    + " set extra_float_digits to 1; set bytea_output to 'hex'";

    private static final String SCHEME = "jdbc:postgresql:";

    private final String jdbcUrl;
    private final Properties properties;

    /**
     * @param jdbcUrl {@code jdbc:postgresql://host:port/database?parameters}, without user and password
     * @param user null for the driver's default, the operating system's user
     * @param password null when the server asks for none
     * @param applicationName what the database shows of this connection
     * @throws IllegalArgumentException when the URL is none of PostgreSQL; the message does not repeat it
     */
    public SourceDatabase(String jdbcUrl, @Nullable String user, @Nullable String password, String applicationName) {
        if (!jdbcUrl.startsWith(SCHEME)) {
            throw new IllegalArgumentException("expected a URL like " + SCHEME + "//host:5432/database");
        }
        this.jdbcUrl = jdbcUrl;
        this.properties = new Properties();
        if (user != null && !user.isEmpty()) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", applicationName);
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("tcpKeepAlive", "true");
    }

    /** The URL for the driver, without user and password. */
    public String jdbcUrl() {
        return jdbcUrl;
    }

    /** The driver's properties, user and password among them: not for a log. */
    public Properties properties() {
        Properties copy = new Properties();
        copy.putAll(properties);
        return copy;
    }

    /** A new connection in auto-commit mode with its session set up; the caller closes it. */
    public Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(jdbcUrl, properties);
        try (Statement statement = connection.createStatement()) {
            statement.execute(SESSION);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    /** Says where the database is, without user and password. */
    @Override
    public String toString() {
        return jdbcUrl;
    }
}
