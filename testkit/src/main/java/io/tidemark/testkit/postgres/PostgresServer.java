package io.tidemark.testkit.postgres;

import io.tidemark.testkit.process.Server;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL, however it runs. */
public interface PostgresServer extends Server {

    /** Opens a connection as superuser to the database; the caller closes it. */
    default Connection connect() throws SQLException {
        return connect(database());
    }

    /** Opens a connection as superuser to a database of this server; the caller closes it. */
    Connection connect(String database) throws SQLException;

    /** Makes a new, empty database. */
    default void createDatabase(String name) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create database \"" + name + "\"");
        }
    }

    /** The superuser. */
    String user();

    /** The superuser's password. Known after the first start. */
    String password();

    /** The database that the first start made. */
    String database();

    /** Without user and password. */
    default String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database();
    }

    /** In PostgreSQL's own form, with the user and without the password: {@code postgresql://tidemark@127.0.0.1:15432/shop}. */
    default String url() {
        return "postgresql://" + user() + "@127.0.0.1:" + port() + "/" + database();
    }
}
