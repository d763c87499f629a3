package io.tidemark.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.testkit.kafka.KafkaServer;
import io.tidemark.testkit.postgres.PostgresServer;
import io.tidemark.testkit.process.Server;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tests rely on, wherever the servers run. */
abstract class ServersContract {

    @TempDir
    Path directory;

    abstract Servers servers();

    @Test
    void postgresDecodesLogicallyAndKeepsCommitsOverKillAndStop() throws Exception {
        try (PostgresServer postgres = servers().postgres(directory)) {
            postgres.start();
            assertThat(query(postgres, "show wal_level")).isEqualTo("logical");
            assertThat(query(postgres, "create table t (id int); insert into t values (1); select count(*) from t"))
                    .isEqualTo("1");
            restartTwice(postgres);
            assertThat(query(postgres, "insert into t values (2); select count(*) from t"))
                    .isEqualTo("2");
            postgres.createDatabase("another");
            postgres.connect("another").close();
        }
    }

    @Test
    void kafkaKeepsTopicsOverKillAndStop() throws Exception {
        try (KafkaServer kafka = servers().kafka(directory)) {
            kafka.start();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
                admin.createTopics(List.of(new NewTopic("kept", 2, (short) 1)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            }
            restartTwice(kafka);
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
                assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).contains("kept");
            }
        }
    }

    @Test
    void redisKeepsKeysOverKillAndStopAndIsSilentWhenFrozen() throws Exception {
        try (RedisServer redis = servers().redis(directory)) {
            redis.start();
            try (RedisConnection connection = redis.connect()) {
                connection.call("SET", "key", "value");
            }
            restartTwice(redis);
            try (RedisConnection connection = redis.connect()) {
                redis.freeze();
                CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> get(connection));
                assertThatThrownBy(() -> answer.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
                redis.thaw();
                assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("value");
            }
        }
    }

    private static void restartTwice(Server server) {
        int port = server.port();
        server.kill();
        assertThat(server.isRunning()).isFalse();
        server.start();
        server.stop();
        assertThat(server.isRunning()).isFalse();
        server.start();
        assertThat(server.isRunning()).isTrue();
        assertThat(server.port()).isEqualTo(port);
    }

    private static String get(RedisConnection connection) {
        try {
            return connection.get("key");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String query(PostgresServer postgres, String sql) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(sql);
            while (!rows) {
                rows = statement.getMoreResults();
            }
            try (ResultSet result = statement.getResultSet()) {
                result.next();
                return result.getString(1);
            }
        }
    }
}
