package io.tidemark.client.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.client.Answer;
import io.tidemark.client.Keep;
import io.tidemark.client.Recipe;
import io.tidemark.client.Warmed;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Tag;
import io.tidemark.core.document.HashFields;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** The client against a real Redis. */
class RedisApplicationCacheIT {
    private static final Keep KEEP = Keep.forTtl(Duration.ofMinutes(5), "shop:7:products", "shop:7");

    @TempDir
    private Path directory;

    private EmbeddedRedis server;
    private RedissonClient redisson;
    private RedisApplicationCache cache;

    @BeforeEach
    void open() throws IOException {
        server = new EmbeddedRedis(RedisSettings.in(directory));
        server.start();
        loadLibrary();
        Config config = new Config();
        config.useSingleServer()
                .setAddress(server.url())
                .setTimeout(2_000)
                .setRetryAttempts(0)
                .setConnectTimeout(2_000);
        redisson = Redisson.create(config);
        cache = new RedisApplicationCache(redisson);
    }

    private void loadLibrary() throws IOException {
        try (RedisConnection connection = server.connect()) {
            connection.call(
                    "FUNCTION", "LOAD", "REPLACE", FunctionLibrary.load().text());
        }
    }

    @AfterEach
    void close() {
        cache.close();
        redisson.shutdown();
        server.kill();
    }

    @Test
    void valueIsLoadedOnceAndThenReadUntilItsTagIsInvalidated() throws Exception {
        AtomicInteger loads = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            assertThat(cache.readThrough("list:7", KEEP, () -> "v" + loads.incrementAndGet()))
                    .isEqualTo("v1");
        }
        cache.invalidateTags(List.of("shop:7"));
        assertThat(cache.get("list:7")).isNull();
        assertThat(cache.readThrough("list:7", KEEP, () -> "v" + loads.incrementAndGet()))
                .isEqualTo("v2");
        assertThat(loads).hasValue(2);
        assertThat(cache.get("list:7")).isEqualTo(new Answer.Hit("v2"));
    }

    @Test
    void longValueIsKeptCompressedAndReadAsAnyOther() throws Exception {
        Keep packed = KEEP.withCompression(1_000).withGrace(Duration.ofMinutes(1));
        String value = "{\"tea\": \"" + "tea, ".repeat(1_000) + "\"}";
        assertThat(cache.readThrough("list:7", packed, () -> value)).isEqualTo(value);
        cache.readThrough("list:8", KEEP.withCompression(1_000), () -> value);
        cache.readThrough("list:9", packed, () -> "short");
        try (RedisConnection connection = server.connect()) {
            assertThat(connection.getBytes("list:7")).startsWith(0x1f, 0x8b).hasSizeLessThan(500);
            assertThat(connection.get("list:9")).isEqualTo("short");
        }
        for (String key : List.of("list:7", "list:8")) {
            assertThat(cache.get(key)).isEqualTo(new Answer.Hit(value));
            assertThat(cache.lease(key, Duration.ofSeconds(1))).isEqualTo(new Answer.Hit(value));
        }
        assertThat(cache.readThrough("list:8", KEEP, () -> "never"))
                .as("by one MGET")
                .isEqualTo(value);
        cache.invalidateTags(List.of("shop:7"));
        assertThat(cache.lease("list:7", Duration.ofSeconds(30))).isInstanceOf(Answer.Granted.class);
        assertThat(cache.readThrough("list:7", packed, () -> "never"))
                .as("the old value")
                .isEqualTo(value);
        try (RedisConnection connection = server.connect()) {
            connection.callBytes("SET".getBytes(UTF_8), "list:9".getBytes(UTF_8), new byte[] {0x1f, (byte) 0x8b, 7});
        }
        assertThat(cache.readThrough("list:9", KEEP, () -> "loaded"))
                .as("what is broken")
                .isEqualTo("loaded");
    }

    @Test
    void hashOfCacheWriterIsReadByItsFields() throws Exception {
        String version = "0001-0000000000000001-0000000000000001-0001";
        Map<String, String> fields = Map.of("id", "7", "name", "Tea");
        List<byte[]> put = new ArrayList<>();
        for (String each : List.of("FCALL", "tm_put", "2", "row:7", "tm:{row:7}", version, "1", "0", "60000", "")) {
            put.add(each.getBytes(UTF_8));
        }
        put.add(HashFields.packed(fields));
        put.add("hash".getBytes(UTF_8));
        try (RedisConnection connection = server.connect()) {
            assertThat(connection.callBytes(put.toArray(byte[][]::new))).isEqualTo("written");
        }
        assertThat(cache.getHash("row:7")).isEqualTo(fields);
        assertThat(cache.getHash("row:8")).isNull();
        assertThatThrownBy(() -> cache.get("row:7")).hasMessageContaining("getHash");
        cache.readThrough("list:7", KEEP, () -> "text");
        assertThatThrownBy(() -> cache.getHash("list:7")).hasMessageContaining("as text");
    }

    @Test
    void nothingIsKeptToo() throws Exception {
        AtomicInteger loads = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            assertThat(cache.readThrough("none:7", KEEP, () -> {
                        loads.incrementAndGet();
                        return null;
                    }))
                    .isNull();
        }
        assertThat(loads).hasValue(1);
    }

    @Test
    void crowdThatMissesTogetherLoadsOnce() throws Exception {
        AtomicInteger loads = new AtomicInteger();
        ExecutorService crowd = Executors.newFixedThreadPool(32);
        try {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                answers.add(crowd.submit(() -> cache.readThrough("crowd:1", KEEP, () -> {
                    Await.until("others wait", Duration.ofSeconds(10))
                            .holds(() -> cache.counts().get("crowd").waits() >= 10);
                    return "v" + loads.incrementAndGet();
                })));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo("v1");
            }
        } finally {
            crowd.shutdown();
        }
        assertThat(loads).hasValue(1);
    }

    @Test
    void whatWasInvalidatedWhileItWasLoadedIsNotKept() throws Exception {
        String value = cache.readThrough("list:7", KEEP, () -> {
            cache.invalidateTags(List.of("shop:7:products"));
            return "old";
        });
        assertThat(value).isEqualTo("old");
        assertThat(cache.get("list:7")).isNull();
        assertThat(cache.counts().get("list").refused()).isEqualTo(1);
        assertThat(cache.readThrough("list:7", KEEP, () -> "new")).isEqualTo("new");
        assertThat(cache.get("list:7")).isEqualTo(new Answer.Hit("new"));
    }

    @Test
    void oldValueServesWhoeverWouldWaitInItsGrace() throws Exception {
        Keep graceful = KEEP.withGrace(Duration.ofMinutes(1));
        cache.readThrough("list:7", graceful, () -> "old");
        cache.invalidateTags(List.of("shop:7"));
        Answer answer = cache.lease("list:7", Duration.ofSeconds(30));
        assertThat(answer).isInstanceOf(Answer.Granted.class);
        assertThat(cache.readThrough("list:7", graceful, () -> "never")).isEqualTo("old");
        assertThat(cache.fill(((Answer.Granted) answer).lease(), "new", graceful))
                .isTrue();
        assertThat(cache.readThrough("list:7", graceful, () -> "never")).isEqualTo("new");
    }

    @Test
    void loaderThatFailsGivesItsLeaseBack() throws Exception {
        assertThatThrownBy(() -> cache.readThrough("list:7", KEEP, () -> {
                    throw new IOException("database away");
                }))
                .isInstanceOf(IOException.class);
        assertThat(cache.lease("list:7", Duration.ofSeconds(1))).isInstanceOf(Answer.Granted.class);
    }

    @Test
    void entryWhoseCounterIsGoneIsLoadedAgain() throws Exception {
        cache.readThrough("list:7", KEEP, () -> "v1");
        try (RedisConnection connection = server.connect()) {
            connection.call("DEL", new Tag("shop:7").counterKey());
        }
        assertThat(cache.readThrough("list:7", KEEP, () -> "v2")).isEqualTo("v2");
    }

    @Test
    void keyIsInvalidatedAlone() throws Exception {
        cache.readThrough("list:7", KEEP, () -> "a");
        cache.readThrough("list:8", KEEP, () -> "b");
        cache.invalidateKeys(List.of("list:7"));
        assertThat(cache.get("list:7")).isNull();
        assertThat(cache.get("list:8")).isEqualTo(new Answer.Hit("b"));
    }

    @Test
    void applicationGoesOnWithoutRedis() throws Exception {
        cache.readThrough("list:7", KEEP, () -> "v1");
        server.kill();
        assertThat(cache.readThrough("list:7", KEEP, () -> "from the database")).isEqualTo("from the database");
        server.start();
        loadLibrary();
        Await.until("entries are kept again", Duration.ofSeconds(20)).holds(() -> {
            cache.readThrough("list:9", KEEP, () -> "again");
            return cache.counts().get("list").filled() >= 2;
        });
    }

    @Test
    void countsOfAllClientsAddUpInRedis() throws Exception {
        cache.readThrough("list:7", KEEP, () -> "v1");
        cache.readThrough("list:7", KEEP, () -> "v1");
        cache.close();
        try (RedisConnection connection = server.connect()) {
            assertThat(connection.hash("tm.stats:list"))
                    .containsEntry("hits", "1")
                    .containsEntry("misses", "1")
                    .containsEntry("filled", "1");
        }
    }

    @Test
    void whatIsAskedForMostIsKnownToAllClientsAndBounded() throws Exception {
        for (int i = 1; i <= 3; i++) {
            for (int ask = 0; ask < 10 * i; ask++) {
                cache.readThrough("list:" + i, KEEP, () -> "v");
            }
        }
        try (RedisConnection connection = server.connect()) {
            String[] command = new String[2 + 2 * 12_000];
            command[0] = "ZADD";
            command[1] = "tm.asked:list";
            for (int i = 0; i < 12_000; i++) {
                command[2 + 2 * i] = "0.001";
                command[3 + 2 * i] = "list:old:" + i;
            }
            connection.call(command);
            cache.close();
            assertThat(connection.call("ZCARD", "tm.asked:list")).isEqualTo(10_000L);
            assertThat(connection.call("ZSCORE", "tm.asked:list", "list:3")).isEqualTo("30");
        }
        assertThat(cache.mostAsked("list", 2)).containsExactly("list:3", "list:2");
        assertThat(cache.mostAsked("never", 2)).isEmpty();
    }

    @Test
    void warmingFillsWhatIsMissingAndNothingElse() throws Exception {
        cache.readThrough("list:1", KEEP, () -> "kept");
        cache.lease("list:2", Duration.ofSeconds(30));
        AtomicInteger loads = new AtomicInteger();
        Warmed warmed = cache.warm(
                List.of(
                        new Recipe("list:1", KEEP, () -> "v" + loads.incrementAndGet()),
                        new Recipe("list:2", KEEP, () -> "v" + loads.incrementAndGet()),
                        new Recipe("list:3", KEEP, () -> "v" + loads.incrementAndGet()),
                        new Recipe("list:4", KEEP, () -> {
                            throw new IOException("database away");
                        }),
                        new Recipe("list:5", KEEP, () -> {
                            cache.invalidateTags(List.of("shop:7"));
                            return "old";
                        }),
                        new Recipe("list:6", KEEP, () -> null)),
                0);
        assertThat(warmed).isEqualTo(new Warmed(1, 2, 1, 1, 1));
        assertThat(loads).hasValue(1);
        assertThat(cache.get("list:5")).isNull();
        assertThat(cache.get("list:6")).isEqualTo(new Answer.Hit(null));
        assertThat(cache.lease("list:4", Duration.ofSeconds(1))).isInstanceOf(Answer.Granted.class);
        // What was there is stale by now, as its tag was invalidated; warming counted as no read of it.
        assertThat(cache.counts().get("list").hits()).isEqualTo(1);
    }

    @Test
    void warmingKeepsToItsRate() throws Exception {
        List<Recipe> recipes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            recipes.add(new Recipe("list:" + i, KEEP, () -> "v"));
        }
        long began = System.nanoTime();
        assertThat(cache.warm(recipes, 100).filled()).isEqualTo(20);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }
}
