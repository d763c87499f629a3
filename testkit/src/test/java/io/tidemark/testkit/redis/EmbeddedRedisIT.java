package io.tidemark.testkit.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedRedisIT {

    @TempDir
    Path directory;

    @Test
    void forgetsEverythingWhenKilledWithoutPersistence() throws IOException {
        try (EmbeddedRedis redis = new EmbeddedRedis(RedisSettings.in(directory))) {
            redis.start();
            call(redis, "SET", "product:42", "{}");
            redis.kill();
            redis.start();
            assertThat(call(redis, "GET", "product:42")).isNull();
        }
    }

    @Test
    void keepsEverythingWhenKilledWithAnAppendOnlyFile() throws IOException {
        try (EmbeddedRedis redis = new EmbeddedRedis(RedisSettings.in(directory).withAppendOnly())) {
            redis.start();
            call(redis, "SET", "product:42", "{}");
            redis.kill();
            redis.start();
            assertThat(call(redis, "GET", "product:42")).isEqualTo("{}");
            redis.stop();
            redis.start();
            assertThat(call(redis, "GET", "product:42")).isEqualTo("{}");
        }
    }

    @Test
    void keepsEverythingOverAnOrderlyStopAndComesBackEmptyRatherThanOldWhenKilled() throws IOException {
        try (EmbeddedRedis redis = new EmbeddedRedis(RedisSettings.in(directory).withDumpAtStop())) {
            redis.start();
            call(redis, "SET", "product:42", "{}");
            redis.stop();
            redis.start();
            assertThat(call(redis, "GET", "product:42")).isEqualTo("{}");
            call(redis, "SET", "product:42", "{\"newer\": true}");
            redis.kill();
            redis.start();
            assertThat(call(redis, "GET", "product:42")).isNull();
        }
    }

    @Test
    void asksForThePassword() throws IOException {
        try (EmbeddedRedis redis = new EmbeddedRedis(RedisSettings.in(directory).withPassword("a \"secret\""))) {
            redis.start();
            assertThat(call(redis, "PING")).isEqualTo("PONG");
            try (RedisConnection stranger = RedisConnection.open("127.0.0.1", redis.port(), null)) {
                assertThatThrownBy(() -> stranger.call("PING")).hasMessageContaining("NOAUTH");
            }
        }
    }

    @Test
    void hasFunctionsAndSpeaksOfMemoryAndClusterAsAsked() throws IOException {
        RedisSettings settings =
                RedisSettings.in(directory).withMaxMemory("64mb", "allkeys-lru").withCluster();
        try (EmbeddedRedis redis = new EmbeddedRedis(settings)) {
            redis.start();
            assertThat(call(redis, "FUNCTION", "LIST")).isEqualTo(List.of());
            assertThat(call(redis, "CONFIG", "GET", "maxmemory-policy"))
                    .isEqualTo(List.of("maxmemory-policy", "allkeys-lru"));
            assertThat((String) call(redis, "CLUSTER", "INFO")).contains("cluster_state");
        }
    }

    @Test
    void walksOverEveryKey() throws IOException {
        try (EmbeddedRedis redis = new EmbeddedRedis(RedisSettings.in(directory))) {
            redis.start();
            try (RedisConnection connection = redis.connect()) {
                List<String[]> sets = new ArrayList<>();
                for (int i = 0; i < 5_000; i++) {
                    sets.add(new String[] {"SET", "product:" + i, "é" + i});
                }
                assertThat(connection.callAll(sets)).hasSize(5_000).containsOnly("OK");
                List<String> keys = new ArrayList<>();
                connection.scan("product:*", keys::add);
                assertThat(keys).contains("product:0", "product:4999").hasSizeGreaterThanOrEqualTo(5_000);
                assertThat(connection.get("product:7")).isEqualTo("é7");
            }
        }
    }

    private static Object call(EmbeddedRedis redis, String... command) throws IOException {
        try (RedisConnection connection = redis.connect()) {
            return connection.call(command);
        }
    }
}
