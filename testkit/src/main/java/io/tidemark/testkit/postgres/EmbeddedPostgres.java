package io.tidemark.testkit.postgres;

import io.tidemark.testkit.process.EmbeddedServer;
import io.tidemark.testkit.process.KeptProcess;
import io.tidemark.testkit.process.Ports;
import io.tidemark.testkit.process.Startup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A PostgreSQL server of its own data directory, ready for logical decoding. Its superuser is {@value #USER} with a
 * random password, and only the loopback address is listened on. Thread-safe.
 */
public final class EmbeddedPostgres implements PostgresServer, EmbeddedServer {

    /** The superuser. */
    public static final String USER = "tidemark";

    private final PostgresSettings settings;
    private final PostgresAccount account;
    private final PostgresCluster cluster;
    private final KeptProcess process;
    private final int port;

    /** Nothing is started yet. */
    public EmbeddedPostgres(PostgresSettings settings) {
        this.settings = settings;
        this.account = PostgresAccount.ofThisMachine();
        this.cluster = new PostgresCluster(settings.directory(), account);
        this.process = new KeptProcess(
                "PostgreSQL",
                "INT",
                Duration.ofSeconds(20),
                settings.directory().resolve("postgres.log"));
        this.port = Ports.choose(settings.port());
    }

    @Override
    public synchronized void start() {
        Ports.requireFree(port, "PostgreSQL");
        Path programs = PostgresBinaries.unpackedIn(account.binaries()).resolve("bin");
        cluster.initialise(programs);
        List<String> command = new ArrayList<>();
        command.add(programs.resolve("postgres").toString());
        command.addAll(List.of("-D", cluster.data().toString(), "-p", Integer.toString(port)));
        settings.allParameters().forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        process.start(account.command(command), Map.of(), settings.directory());
        Startup.await(process, Duration.ofSeconds(60), this::createDatabase);
    }

    @Override
    public Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", password());
        properties.setProperty("connectTimeout", "10");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
    }

    @Override
    public String user() {
        return USER;
    }

    @Override
    public String database() {
        return settings.database();
    }

    @Override
    public String password() {
        try {
            return Files.readString(passwordFile()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + passwordFile() + ", which the first start writes", e);
        }
    }

    /** The file that holds the password, readable by its owner only. */
    public Path passwordFile() {
        return cluster.passwordFile();
    }

    @Override
    public KeptProcess process() {
        return process;
    }

    @Override
    public int port() {
        return port;
    }

    private void createDatabase() throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            if (!exists(statement)) {
                statement.execute("create database \"" + settings.database() + "\"");
            }
        }
    }

    private boolean exists(Statement statement) throws SQLException {
        try (ResultSet found =
                statement.executeQuery("select from pg_database where datname = '" + settings.database() + "'")) {
            return found.next();
        }
    }
}
