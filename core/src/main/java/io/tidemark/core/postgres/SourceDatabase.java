package io.tidemark.core.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
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
            "set timezone to 'UTC'; set datestyle to 'ISO'; set intervalstyle to 'postgres';"
                    + " set extra_float_digits to 1; set bytea_output to 'hex'";

    private final String jdbcUrl;
    private final Properties properties;

    /**
     * @param url {@code postgresql://[user[:password]@]host[:port]/database[?parameters]}, with or without
     *     {@code jdbc:} before it
     * @param user takes precedence over the one in the URL; null to take that one
     * @param password takes precedence over the one in the URL; null to take that one
     * @param applicationName what the database shows of this connection
     * @throws IllegalArgumentException when the URL is none of PostgreSQL; the message does not repeat it
     */
    public SourceDatabase(String url, @Nullable String user, @Nullable String password, String applicationName) {
        this.jdbcUrl = url;
        this.properties = new Properties();
        properties.put("user", user == null ? "" : user);
        properties.put("password", password == null ? "" : password);
        properties.put("ApplicationName", applicationName);
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
        return DriverManager.getConnection(jdbcUrl, properties);
    }

    /** Says where the database is, without user and password. */
    @Override
    public String toString() {
        return jdbcUrl;
    }
}
