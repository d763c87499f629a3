package io.tidemark.positions.sync.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The database as the feed uses it: a small pool for the board and the calls left, and sessions of their own that hold a
 * store's lock. These must go straight to the server or through a pooler that keeps sessions apart. Nothing is
 * connected before it is used. Thread-safe.
 */
public final class FeedDatabase implements AutoCloseable {
    private static final int POOLED = 4;

    private final String jdbcUrl;
    private final Properties properties = new Properties();
    private final HikariDataSource pool;

    /** @param jdbcUrl without user and password */
    public FeedDatabase(String jdbcUrl, String user, @Nullable String password) {
        this.jdbcUrl = jdbcUrl;
        properties.setProperty("user", user);
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", "tidemark-feed");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("socketTimeout", "60");
        // The server's details quote rows, and these hold people's names.
        properties.setProperty("logServerErrorDetail", "false");
        HikariConfig config = new HikariConfig();
        config.setPoolName("feed");
        config.setJdbcUrl(jdbcUrl);
        config.setDataSourceProperties(properties);
        config.setMaximumPoolSize(POOLED);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(5_000);
        config.setInitializationFailTimeout(-1);
        this.pool = new HikariDataSource(config);
    }

    /** Connections for short work. */
    public DataSource pool() {
        return pool;
    }

    /** A session of its own; the caller closes it. */
    public Connection session() throws SQLException {
        return DriverManager.getConnection(jdbcUrl, properties);
    }

    @Override
    public void close() {
        pool.close();
    }
}
