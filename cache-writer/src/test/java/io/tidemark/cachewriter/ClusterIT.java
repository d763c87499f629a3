package io.tidemark.cachewriter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.client.Answer;
import io.tidemark.client.Keep;
import io.tidemark.client.redis.RedisApplicationCache;
import io.tidemark.core.contract.Tag;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.RedisCluster;
import io.tidemark.testkit.servers.SharedServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.KeysScanOptions;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.redisson.config.ReadMode;

/** The service on a Redis Cluster of three masters. */
class ClusterIT {
    private static final String RULES = """
            tables:
              public.item:
                invalidates:
                  - tags: ["name:{name}", items]
            """;
    private static final int ROWS = 300;

    @TempDir
    private static Path directory;

    private static RedisCluster cluster;
    private static WriterStack stack;
    private static RedissonClient redisson;
    private static RedisApplicationCache cache;

    @BeforeAll
    static void start() throws Exception {
        cluster = RedisCluster.start(directory.resolve("redis"), 3);
        String others = "127.0.0.1:" + cluster.master(1).port() + ",127.0.0.1:"
                + cluster.master(2).port();
        stack = new WriterStack(
                directory.resolve("writer"),
                SharedServers.postgres(),
                SharedServers.newDatabase(),
                cluster.master(0),
                Map.of("TIDEMARK_REDIS_NODES", others),
                RULES);
        stack.start();
        Config config = new Config();
        config.useClusterServers()
                .addNodeAddress(cluster.urls().toArray(String[]::new))
                .setReadMode(ReadMode.MASTER)
                .setScanInterval(500)
                .setMasterConnectionMinimumIdleSize(1);
        redisson = Redisson.create(config);
        cache = new RedisApplicationCache(redisson);
    }

    @AfterAll
    static void stop() {
        cache.close();
        redisson.shutdown();
        stack.close();
        cluster.close();
    }

    @Test
    void changesComeToEveryMasterAndClearWhatApplicationsFilled() throws Exception {
        Map<Integer, String> database = new TreeMap<>();
        for (int id = 0; id < ROWS; id++) {
            stack.send(id, stack.changes.row("c", id, "n" + id));
            database.put(id, "n" + id);
        }
        stack.awaitApplied();
        assertEqual(database);
        for (int i = 0; i < cluster.size(); i++) {
            assertThat((Long) cluster.onEach("DBSIZE").get(i))
                    .as("keys of master %d", i)
                    .isPositive();
        }
        for (int id = 0; id < 30; id++) {
            int number = id;
            Keep keep = Keep.forTtl(Duration.ofMinutes(5), "name:n" + id, "named");
            assertThat(cache.readThrough("list:" + id, keep, () -> "v" + number))
                    .isEqualTo("v" + id);
        }
        for (int id = 0; id < 15; id++) {
            stack.send(id, stack.changes.update(id, "m" + id));
        }
        stack.awaitApplied();
        for (int id = 0; id < 30; id++) {
            assertThat(cache.get("list:" + id)).isEqualTo(id < 15 ? null : new Answer.Hit("v" + id));
        }
        Await.until("plain readers do not see them any more, and nothing is due to be swept", Duration.ofSeconds(10))
                .holds(() -> plain("list:0") == null
                        && plain("list:14") == null
                        && redisson.getMap(Tag.SWEEPS, StringCodec.INSTANCE).isEmpty());
        assertThat(plain("list:15")).isEqualTo("v15");
    }

    @Test
    void masterThatIsKilledUnderLoadComesBackFilledAndSlotsMayMove() throws Exception {
        Map<Integer, String> database = new TreeMap<>();
        Keep keep = Keep.forTtl(Duration.ofMinutes(5), "items");
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<Throwable> problem = new AtomicReference<>();
        Thread load = new Thread(() -> {
            try {
                for (int i = 0; !done.get(); i++) {
                    int id = 1_000 + i % ROWS;
                    stack.send(id, stack.changes.row(i < ROWS ? "c" : "u", id, "r" + i));
                    database.put(id, "r" + i);
                    if (i % 10 == 0) {
                        Thread.sleep(10);
                    }
                }
            } catch (Throwable failure) {
                problem.set(failure);
            }
        });
        load.start();
        Await.until("some are written", WriterStack.SOON).holds(() -> plain(stack.entry(1_100)) != null);
        String key = stack.entry(1_001);
        int from = cluster.masterOf(key);
        cluster.moveSlot(cluster.slotOf(key), from, (from + 1) % 3);
        cluster.master(from).kill();
        cluster.master(from).start();
        cluster.awaitReady();
        Await.until("the emptied master is filled again", WriterStack.SOON)
                .holds(() -> (Long) cluster.onEach("DBSIZE").get(from) > ROWS / 6);
        done.set(true);
        load.join();
        assertThat(problem.get()).isNull();
        stack.awaitApplied();
        Await.until("every entry is there", WriterStack.SOON).holds(() -> {
            assertEqual(database);
            return true;
        });
        Await.until("applications can fill and invalidate again", WriterStack.SOON)
                .holds(() -> {
                    cache.readThrough("all", keep, () -> "all");
                    return new Answer.Hit("all").equals(cache.get("all"));
                });
        stack.send(1_000, stack.changes.update(1_000, "last"));
        stack.awaitApplied();
        assertThat(cache.get("all")).isNull();
    }

    /** Of the rows whose ids these are: every one has its entry, and nobody else has. */
    private static void assertEqual(Map<Integer, String> database) {
        Map<String, String> expected = database.entrySet().stream()
                .collect(Collectors.toMap(row -> stack.entry(row.getKey()), Map.Entry::getValue));
        Map<String, String> found = new TreeMap<>();
        int thousand = database.keySet().iterator().next() / 1_000;
        redisson.getKeys()
                .getKeys(KeysScanOptions.defaults().pattern(stack.prefix + ":item:*"))
                .forEach(key -> {
                    String value = plain(key);
                    if (value != null && Integer.parseInt(key.replaceAll(".*:", "")) / 1_000 == thousand) {
                        found.put(key, value.replaceAll(".*\"name\":\\s*\"([^\"]*)\".*", "$1"));
                    }
                });
        assertThat(found).isEqualTo(new TreeMap<>(expected));
    }

    private static String plain(String key) {
        return redisson.<String>getBucket(key, StringCodec.INSTANCE).get();
    }
}
