package io.tidemark.testkit.containers;

import io.tidemark.testkit.postgres.PostgresServer;
import io.tidemark.testkit.process.Ports;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.UUID;
import org.testcontainers.containers.GenericContainer;

/** PostgreSQL in a container, with the settings of the embedded one that matter. Thread-safe. */
public final class ContainerPostgres extends ContainerServer implements PostgresServer {

    private static final String NAME = "tidemark";
    private static final int PORT = 5432;

    private final String password;

    public ContainerPostgres() {
        this(Ports.anyFree(), UUID.randomUUID().toString());
    }

    private ContainerPostgres(int port, String password) {
        super(container(port, password), port);
        this.password = password;
    }

    private static GenericContainer<?> container(int port, String password) {
        return PublishedContainer.of(PublishedContainer.image("TIDEMARK_POSTGRES_IMAGE", "postgres:18"), PORT, port)
                .withEnv("POSTGRES_USER", NAME)
                .withEnv("POSTGRES_DB", NAME)
                .withEnv("POSTGRES_PASSWORD", password)
                .withCommand(
                        "postgres",
                        "-c",
                        "wal_level=logical",
                        "-c",
                        "max_replication_slots=20",
                        "-c",
                        "max_wal_senders=20",
                        "-c",
                        "max_prepared_transactions=10",
                        "-c",
                        "fsync=off");
    }

    @Override
    void ask() throws SQLException {
        connect().close();
    }

    @Override
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port() + "/" + database, NAME, password);
    }

    @Override
    public String user() {
        return NAME;
    }

    @Override
    public String password() {
        return password;
    }

    @Override
    public String database() {
        return NAME;
    }
}
