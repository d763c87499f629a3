package io.tidemark.reconciler.schedule.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The database as schedules use it: a small pool, of which a job holds a session for as long as it runs. These must go straight to
 * the server or through a pooler that keeps sessions apart. Nothing is connected before it is used. Thread-safe.
 */
public final class ScheduleDatabase implements AutoCloseable {
    private static final int CONNECTIONS = 8;

    private final HikariDataSource pool;

    /** @param jdbcUrl without user and password */
    public ScheduleDatabase(String jdbcUrl, String user, @Nullable String password) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("schedules");
        config.setJdbcUrl(jdbcUrl);
        config.addDataSourceProperty("user", user);
        if (password != null) {
            config.addDataSourceProperty("password", password);
        }
        config.addDataSourceProperty("ApplicationName", "tidemark-reconciler-schedules");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("connectTimeout", "10");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(0);
        config.setMaxLifetime(0);
        config.setConnectionTimeout(5_000);
        config.setInitializationFailTimeout(-1);
        this.pool = new HikariDataSource(config);
    }

    DataSource pool() {
        return pool;
    }

    @Override
    public void close() {
        pool.close();
    }
}
