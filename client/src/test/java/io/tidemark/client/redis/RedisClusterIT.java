package io.tidemark.client.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.client.Answer;
import io.tidemark.client.ApplicationCache.Counts;
import io.tidemark.client.Keep;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Tag;
import io.tidemark.testkit.redis.RedisCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.redisson.config.ReadMode;

/** The client against a real Redis Cluster of three masters. */
class RedisClusterIT {
    private static final Keep KEEP = Keep.forTtl(Duration.ofMinutes(5), "shop:7:products", "shop:7");

    @TempDir
    static Path directory;

    private static RedisCluster cluster;
    private static RedissonClient redisson;
    private static RedisApplicationCache cache;

    @BeforeAll
    static void open() throws IOException {
        cluster = RedisCluster.start(directory, 3);
        cluster.onEach("FUNCTION", "LOAD", FunctionLibrary.load().text());
        redisson = Redisson.create(config(ReadMode.MASTER));
        cache = new RedisApplicationCache(redisson);
    }

    private static Config config(ReadMode mode) {
        Config config = new Config();
        config.useClusterServers()
                .addNodeAddress(cluster.urls().toArray(String[]::new))
                .setReadMode(mode)
                .setScanInterval(500)
                .setTimeout(1_000)
                .setMasterConnectionMinimumIdleSize(1)
                .setMasterConnectionPoolSize(16);
        return config;
    }

    @AfterAll
    static void close() {
        cache.close();
        redisson.shutdown();
        cluster.close();
    }

    @BeforeEach
    void empty() throws IOException {
        cluster.onEach("FLUSHALL");
    }

    @Test
    void valueIsLoadedOnceAndThenReadUntilOneOfItsTagsIsInvalidated() throws Exception {
        for (int shop = 0; shop < 20; shop++) {
            Keep keep = Keep.forTtl(Duration.ofMinutes(5), "shop:" + shop + ":products", "shop:" + shop);
            AtomicInteger loads = new AtomicInteger();
            String key = "list:" + shop;
            for (int i = 0; i < 3; i++) {
                assertThat(cache.readThrough(key, keep, () -> "v" + loads.incrementAndGet()))
                        .isEqualTo("v1");
            }
            cache.invalidateTags(List.of("shop:" + shop));
            assertThat(cache.get(key)).isNull();
            assertThat(cache.readThrough(key, keep, () -> "v" + loads.incrementAndGet()))
                    .isEqualTo("v2");
            assertThat(cache.get(key)).isEqualTo(new Answer.Hit("v2"));
            cache.invalidateKeys(List.of(key));
            assertThat(cache.get(key)).isNull();
        }
    }

    @Test
    void whatIsInvalidatedIsOnTheInvalidationStreamOnceItIsStale() {
        List<String> tags = List.of("a", "b", "c", "d", "e", "f");
        List<String> keys = List.of("k:1", "k:2", "k:3", "k:4");
        cache.invalidateTags(tags);
        cache.invalidateKeys(keys);
        List<String> said = redisson
                .<String, String>getStream(Tag.STREAM, StringCodec.INSTANCE)
                .range(StreamMessageId.MIN, StreamMessageId.MAX)
                .values()
                .stream()
                .map(record -> record.get("kind") + record.get("names"))
                .toList();
        assertThat(said.get(0)).as("the stream begins").isEqualTo("reset[]");
        assertThat(said.get(1)).isEqualTo("tags[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\"]");
        assertThat(said.get(2)).as("of the other slots, once more").startsWith("tags[");
        assertThat(said.get(said.size() - 1)).isEqualTo("keys[\"k:1\",\"k:2\",\"k:3\",\"k:4\"]");
    }

    @Test
    void fillIsRefusedAfterAnInvalidationAndNothingOfItIsLeft() {
        for (Keep keep : List.of(KEEP, KEEP.withGrace(Duration.ofSeconds(10)))) {
            Answer.Granted granted = (Answer.Granted) cache.lease("list:7", Duration.ofSeconds(10));
            cache.invalidateTags(List.of("shop:7"));
            assertThat(cache.fill(granted.lease(), "old", keep)).isFalse();
            assertThat(cache.get("list:7")).isNull();
            Answer.Granted again = (Answer.Granted) cache.lease("list:7", Duration.ofSeconds(10));
            assertThat(cache.fill(again.lease(), null, keep)).isTrue();
            assertThat(cache.lease("list:7", Duration.ofSeconds(10))).isEqualTo(new Answer.Hit(null));
            cache.invalidateKeys(List.of("list:7"));
        }
    }

    @Test
    void oldValueIsGivenInItsGraceWhileAnotherOneFills() {
        Keep keep = KEEP.withGrace(Duration.ofSeconds(30));
        Answer.Granted first = (Answer.Granted) cache.lease("list:7", Duration.ofSeconds(10));
        assertThat(cache.fill(first.lease(), "old", keep)).isTrue();
        cache.invalidateTags(List.of("shop:7:products"));
        assertThat(cache.lease("list:7", Duration.ofSeconds(10))).isInstanceOf(Answer.Granted.class);
        assertThat(cache.lease("list:7", Duration.ofSeconds(10)))
                .isInstanceOfSatisfying(
                        Answer.Old.class, old -> assertThat(old.value()).isEqualTo("old"));
    }

    @Test
    void emptiedMasterMakesEntriesMissingOrStaleButNeverWrong() throws Exception {
        for (int i = 0; i < 60; i++) {
            int number = i;
            Keep keep = Keep.forTtl(Duration.ofMinutes(5), "shop:" + i);
            assertThat(cache.readThrough("list:" + i, keep, () -> "v" + number)).isEqualTo("v" + i);
        }
        int lost = cluster.masterOf(Tag.BUMPS);
        cluster.connect(lost).call("FLUSHALL");
        for (int i = 0; i < 60; i++) {
            int number = i;
            cache.invalidateTags(List.of("shop:" + i));
            assertThat(cache.get("list:" + i)).isNull();
            Keep keep = Keep.forTtl(Duration.ofMinutes(5), "shop:" + i);
            assertThat(cache.readThrough("list:" + i, keep, () -> "w" + number)).isEqualTo("w" + i);
            assertThat(cache.get("list:" + i)).isEqualTo(new Answer.Hit("w" + i));
        }
    }

    @Test
    void readsFromReplicasAreRefusedWithTheRemedy() {
        RedissonClient replicas = Redisson.create(config(ReadMode.SLAVE));
        try {
            assertThatThrownBy(() -> new RedisApplicationCache(replicas).close())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("setReadMode(ReadMode.MASTER)");
        } finally {
            replicas.shutdown();
        }
    }

    /** Readers, fillers and writers of many entries at once, while slots move from master to master. */
    @Test
    void noReaderSeesAnOldValueWhileSlotsMove() throws Exception {
        int shops = 8;
        AtomicIntegerArray database = new AtomicIntegerArray(shops);
        AtomicIntegerArray bumped = new AtomicIntegerArray(shops);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
        ExecutorService workers = Executors.newFixedThreadPool(6);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int worker = 0; worker < 5; worker++) {
                int first = worker;
                all.add(workers.submit(() -> {
                    for (int i = first; System.nanoTime() < end; i++) {
                        read(i % shops, database, bumped);
                    }
                    return null;
                }));
            }
            all.add(workers.submit(() -> {
                for (int i = 0; System.nanoTime() < end; i++) {
                    int shop = i % shops;
                    int written = database.incrementAndGet(shop);
                    cache.invalidateTags(List.of("shop:" + shop));
                    bumped.set(shop, written);
                }
                return null;
            }));
            for (int round = 0; System.nanoTime() < end; round++) {
                for (String key : List.of("list:" + round % shops, "tm.tag:{shop:" + round % shops + "}", Tag.BUMPS)) {
                    int from = cluster.masterOf(key);
                    cluster.moveSlot(cluster.slotOf(key), from, (from + 1) % 3);
                }
            }
            for (Future<?> one : all) {
                one.get(30, TimeUnit.SECONDS);
            }
        } finally {
            workers.shutdownNow();
        }
        Counts counts = cache.counts().get("list");
        assertThat(counts.hits()).isPositive();
        assertThat(counts.filled()).isPositive();
    }

    private static void read(int shop, AtomicIntegerArray database, AtomicIntegerArray bumped) throws Exception {
        int least = bumped.get(shop);
        Keep keep = Keep.forTtl(Duration.ofMinutes(5), "shop:" + shop, "shops");
        String read = cache.readThrough("list:" + shop, keep, () -> Integer.toString(database.get(shop)));
        assertThat(Integer.parseInt(read)).isGreaterThanOrEqualTo(least);
    }
}
