package io.tidemark.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.process.PortTakenException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {

    @TempDir
    Path directory;

    @Test
    void keepsWhatWasCommittedOverAStopAndOverAKill() throws Exception {
        try (EmbeddedPostgres postgres = new EmbeddedPostgres(
                PostgresSettings.in(directory).withDatabase("shop").notDurable())) {
            postgres.start();
            int port = postgres.port();
            execute(postgres, "create table product (id int primary key)");
            execute(postgres, "insert into product values (1)");

            postgres.stop();
            assertThat(postgres.isRunning()).isFalse();
            postgres.start();
            execute(postgres, "insert into product values (2)");

            List<ProcessHandle> family =
                    ProcessHandle.of(postgres.pid()).orElseThrow().descendants().toList();
            postgres.kill();
            assertThat(family).hasSizeGreaterThan(3).noneMatch(ProcessHandle::isAlive);
            postgres.start();

            assertThat(query(postgres, "select string_agg(id::text, ',' order by id) from product"))
                    .isEqualTo("1,2");
            assertThat(postgres.port()).isEqualTo(port);
        }
    }

    @Test
    void isReadyForLogicalDecodingAndFlushesEveryCommit() throws Exception {
        try (EmbeddedPostgres postgres =
                new EmbeddedPostgres(PostgresSettings.in(directory).with("max_connections", "7"))) {
            postgres.start();
            assertThat(query(postgres, "show wal_level")).isEqualTo("logical");
            assertThat(query(postgres, "show synchronous_commit")).isEqualTo("on");
            assertThat(query(postgres, "show server_encoding")).isEqualTo("UTF8");
            assertThat(query(postgres, "show max_connections")).isEqualTo("7");
            assertThat(query(postgres, "select slot_name from pg_create_logical_replication_slot('s', 'pgoutput')"))
                    .isEqualTo("s");
        }
    }

    @Test
    void doesNotAnswerWhileItIsFrozen() throws Exception {
        try (EmbeddedPostgres postgres =
                new EmbeddedPostgres(PostgresSettings.in(directory).notDurable())) {
            postgres.start();
            try (Connection connection = postgres.connect();
                    Statement statement = connection.createStatement()) {
                postgres.freeze();
                CompletableFuture<Boolean> answer = CompletableFuture.supplyAsync(() -> {
                    try {
                        return statement.execute("select 1");
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                });
                assertThatThrownBy(() -> answer.get(300, TimeUnit.MILLISECONDS))
                        .isInstanceOf(java.util.concurrent.TimeoutException.class);
                postgres.thaw();
                assertThat(answer.get(10, TimeUnit.SECONDS)).isTrue();
            }
            postgres.freeze();
            postgres.stop();
            Await.until("it is gone", Duration.ofSeconds(30)).holds(() -> !postgres.isRunning());
        }
    }

    @Test
    void namesThePortThatIsTaken() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EmbeddedPostgres postgres =
                    new EmbeddedPostgres(PostgresSettings.in(directory).withPort(other.getLocalPort()));
            assertThatThrownBy(postgres::start)
                    .isInstanceOf(PortTakenException.class)
                    .hasMessageContaining("PostgreSQL")
                    .hasMessageContaining(Integer.toString(other.getLocalPort()));
        }
    }

    @Test
    void saysWhatPostgresSaidWhenItDoesNotStart() {
        EmbeddedPostgres postgres =
                new EmbeddedPostgres(PostgresSettings.in(directory).with("wal_level", "sideways"));
        assertThatThrownBy(postgres::start).hasMessageContaining("sideways").hasMessageContaining("wal_level");
    }

    private static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
