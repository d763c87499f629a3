package io.tidemark.cachewriter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisErrorException;
import io.tidemark.testkit.redis.RedisSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries and tags in a Redis that is too small for them, and while they are swept. */
class EvictionIT {
    private static final int TAGS = 200;
    private static final int KEYS = 4_000;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "allkeys-random", "volatile-ttl", "noeviction"})
    void noTagLiesWhateverRedisEvicts(String policy) throws IOException {
        try (EmbeddedRedis server =
                new EmbeddedRedis(RedisSettings.in(directory).withMaxMemory("6mb", policy))) {
            server.start();
            try (RedisConnection connection = server.connect()) {
                ContractRedis redis = new ContractRedis(connection);
                int[] written = new int[TAGS];
                Random random = new Random(7);
                int right = 0;
                for (int i = 0; i < 10_000; i++) {
                    int tag = random.nextInt(TAGS);
                    String key = "k:" + (tag + TAGS * random.nextInt(KEYS / TAGS));
                    if (random.nextInt(6) == 0) {
                        written[tag]++;
                        redis.bump("tag:" + tag);
                    }
                    String value = redis.read(key);
                    if (value != null) {
                        assertThat(Integer.parseInt(value.strip())).isEqualTo(written[tag]);
                        right++;
                    } else {
                        refill(redis, key, "tag:" + tag + " all", String.format("%5000d", written[tag]));
                    }
                    if (i % 4_000 == 0) {
                        redis.bump("all");
                        redis.sweep("all");
                    }
                }
                assertThat(right).as("reads that found something").isPositive();
                String info = (String) connection.call("INFO", "stats");
                assertThat(info.contains("evicted_keys:0\r")).isEqualTo(policy.equals("noeviction"));
            }
            server.kill();
        }
    }

    private static void refill(ContractRedis redis, String key, String tags, String value) throws IOException {
        try {
            if (redis.ask(key, "t", 60_000).get(0).equals("granted")) {
                redis.keep(key, "t", tags, value);
            }
        } catch (RedisErrorException full) {
            // With noeviction a full Redis takes no fill; bumps and sweeps it takes.
            assertThat(full).hasMessageContaining("OOM");
        }
    }

    @Test
    void readersSeeNoStaleValueWhileATagIsSweptAndFilledAgain() throws Exception {
        try (EmbeddedRedis server = new EmbeddedRedis(RedisSettings.in(directory))) {
            server.start();
            try (RedisConnection connection = server.connect();
                    RedisConnection readers = server.connect()) {
                ContractRedis redis = new ContractRedis(connection);
                ContractRedis reading = new ContractRedis(readers);
                for (int i = 0; i < 5_000; i++) {
                    refill(redis, "k:" + i, "all", "old");
                }
                redis.bump("all");
                AtomicBoolean done = new AtomicBoolean();
                AtomicReference<Throwable> problem = new AtomicReference<>();
                Thread reader = new Thread(() -> {
                    try {
                        Random random = new Random(3);
                        while (!done.get()) {
                            String key = "k:" + random.nextInt(5_000);
                            assertThat(reading.read(key)).isIn(null, "new");
                            refill(reading, key, "all", "new");
                            assertThat(reading.read(key)).isEqualTo("new");
                        }
                    } catch (Throwable any) {
                        problem.set(any);
                    }
                });
                reader.start();
                long removed = redis.sweep("all");
                done.set(true);
                reader.join();
                assertThat(problem.get()).isNull();
                assertThat(removed).isPositive();
                int left = 0;
                for (int i = 0; i < 5_000; i++) {
                    String value = redis.value("k:" + i);
                    assertThat(value).isIn(null, "new");
                    left += value == null ? 0 : 1;
                }
                // Whoever was filled during the sweep is still listed: the next bump finds it.
                redis.bump("all");
                assertThat(redis.sweep("all")).isEqualTo(left);
            }
            server.kill();
        }
    }
}
