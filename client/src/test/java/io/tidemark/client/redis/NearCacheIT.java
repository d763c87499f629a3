package io.tidemark.client.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.client.Answer;
import io.tidemark.client.ApplicationCache.CacheAwayException;
import io.tidemark.client.Keep;
import io.tidemark.client.near.NearSettings;
import io.tidemark.core.contract.Tag;
import io.tidemark.testkit.await.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** Copies in memory beside a real Redis, whatever becomes of Redis and of the way there. */
class NearCacheIT {
    private static final Duration BOUND = Duration.ofSeconds(1);
    private static final Keep KEEP = Keep.forTtl(Duration.ofMinutes(5), "shop:7:products", "shop:7");

    @TempDir
    private Path directory;

    private NearStack stack;

    @BeforeEach
    void open() throws IOException {
        stack = new NearStack(directory, BOUND);
    }

    @AfterEach
    void close() throws IOException {
        stack.close();
    }

    @Test
    void rowIsServedFromMemoryUntilItChanges() throws Exception {
        stack.put("product:1", 1);
        copied("product:1", "1");
        stack.put("product:2", 9);
        stack.put("product:1", 2);
        awaitRead("product:1", "2");
        stack.call("FCALL", "tm_evict", "2", "product:1", "tm:{product:1}", NearStack.version(3), "0", "60000", "");
        awaitRead("product:1", null);
    }

    @Test
    void whatAnApplicationFilledIsServedFromMemoryUntilItsTagIsBumpedAnywhere() throws Exception {
        AtomicInteger loads = new AtomicInteger();
        for (int i = 0; i < 5; i++) {
            assertThat(stack.near.readThrough("list:7", KEEP, () -> "v" + loads.incrementAndGet()))
                    .isEqualTo("v1");
        }
        assertThat(stack.near.nearCounts().hits()).isEqualTo(3);
        stack.bump("shop:7");
        Await.until("the copy is dropped", NearStack.SOON).holds(() -> stack.near
                .readThrough("list:7", KEEP, () -> "v" + loads.incrementAndGet())
                .equals("v2"));
        assertThat(loads).hasValue(2);
        assertThat(stack.near.counts().get("list").hits()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void ownInvalidationIsSeenAtOnce() throws Exception {
        for (int i = 0; i < 100; i++) {
            String value = "v" + i;
            stack.near.readThrough("list:7", KEEP, () -> value);
            copied("list:7", value);
            if (i % 2 == 0) {
                stack.near.invalidateTags(List.of("shop:7"));
            } else {
                stack.near.invalidateKeys(List.of("list:7"));
            }
            assertThat(stack.near.get("list:7")).as("round %d", i).isNull();
        }
    }

    @Test
    void copyEndsWithItsEntrysAge() throws Exception {
        stack.near.readThrough("list:7", Keep.forTtl(Duration.ofMillis(600)).withJitterPercent(0), () -> "v");
        copied("list:7", "v");
        Await.until("the entry and its copy are over", NearStack.SOON).holds(() -> stack.near.get("list:7") == null);
    }

    @Test
    void lostConnectionIsNoticedWithinTheBoundAndCopiesAreGoodAgainAfterwards() throws Exception {
        int state = 0;
        for (Runnable fault : List.<Runnable>of(stack.proxy::cut, stack.proxy::reset, stack.proxy::blackHole)) {
            String value = Integer.toString(++state);
            stack.put("product:1", state);
            // Else the record of this put may yet come and drop the copy that is to survive.
            awaitKnown();
            copied("product:1", value);
            long resets = stack.near.nearCounts().resets();
            fault.run();
            stack.put("product:2", state);
            Await.until("nothing is served from memory", BOUND.plusMillis(100)).holds(() -> !stack.near.isFollowing());
            long hits = stack.near.nearCounts().hits();
            assertThatThrownBy(() -> stack.near.get("product:1")).isInstanceOf(CacheAwayException.class);
            assertThat(stack.near.readThrough("product:1", KEEP, () -> "from the database"))
                    .isEqualTo("from the database");
            assertThat(stack.near.nearCounts().hits()).isEqualTo(hits);
            // Behind the contract's back, so that only the copy can have it.
            stack.call("DEL", "product:1");
            stack.proxy.heal();
            stack.awaitFollowing();
            Await.until("the copy has survived", NearStack.SOON)
                    .holds(() -> new Answer.Hit(value).equals(stack.near.get("product:1")));
            assertThat(stack.near.nearCounts().resets()).isEqualTo(resets);
        }
    }

    @Test
    void emptiedRedisEndsEveryCopy() throws Exception {
        stack.put("product:1", 1);
        copied("product:1", "1");
        stack.call("FLUSHALL");
        awaitRead("product:1", null);
        // The same once more: what is there of the new data set is followed too.
        stack.put("product:1", 1);
        copied("product:1", "1");
        stack.call("FLUSHALL");
        stack.put("product:2", 2);
        awaitRead("product:1", null);
    }

    @Test
    void streamThatWasCutOffWhileNobodyCouldFollowEndsEveryCopy() throws Exception {
        for (String command : List.of("XTRIM", "DEL")) {
            stack.put("product:1", 1);
            copied("product:1", "1");
            long resets = stack.near.nearCounts().resets();
            stack.proxy.cut();
            stack.call("DEL", "product:1");
            stack.bump("a");
            if (command.equals("XTRIM")) {
                stack.call("XTRIM", Tag.STREAM, "MAXLEN", "0");
            } else {
                stack.call("DEL", Tag.STREAM);
            }
            stack.bump("b");
            stack.proxy.heal();
            Await.until("everything is dropped", NearStack.SOON)
                    .holds(() -> stack.near.nearCounts().resets() > resets && stack.near.isFollowing());
            assertThat(stack.near.get("product:1")).isNull();
            stack.call("DEL", "tm:{product:1}");
        }
    }

    @Test
    void restartedRedisEndsEveryCopyAlsoWhenItIsOlderThanBefore() throws Exception {
        stack.put("product:1", 1);
        stack.call("SAVE");
        stack.put("product:1", 2);
        copied("product:1", "2");
        String older = directory.resolve("dump.rdb").toString();
        stack.server.kill();
        assertThat(Path.of(older)).exists();
        Await.until("nothing is served", NearStack.SOON).holds(() -> !stack.near.isFollowing());
        stack.server.start();
        stack.loadLibrary();
        stack.awaitFollowing();
        assertThat(stack.near.get("product:1")).isEqualTo(new Answer.Hit("1"));
    }

    @Test
    void nothingIsCopiedWhereNoStreamIsKept() throws Exception {
        stack.put("product:1", 1);
        copied("product:1", "1");
        stack.call("SET", Tag.STREAM + ":length", "0");
        Await.until("copies are given up", NearStack.SOON).holds(() -> !stack.near.isFollowing());
        stack.put("product:1", 2);
        for (int i = 0; i < 3; i++) {
            assertThat(stack.near.get("product:1")).isEqualTo(new Answer.Hit("2"));
        }
        stack.call("SET", Tag.STREAM + ":length", "1000");
        stack.awaitFollowing();
        copied("product:1", "2");
    }

    @Test
    void redisClusterIsRefusedInWords() {
        Config config = new Config().setLazyInitialization(true);
        config.useClusterServers().addNodeAddress(stack.server.url());
        RedissonClient cluster = Redisson.create(config);
        try {
            assertThatThrownBy(() -> new NearCache(cluster, stack.far, NearSettings.defaults()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Redis Cluster");
        } finally {
            cluster.shutdown();
        }
    }

    /** Waits until everything that was said before now has come: while the stream is followed that is so after a bound. */
    private void awaitKnown() {
        long said = System.nanoTime();
        Await.until("what was said is known", NearStack.SOON)
                .holds(() -> System.nanoTime() - said > BOUND.toNanos() && stack.near.isFollowing());
    }

    /** Reads until the value comes from memory. */
    private void copied(String key, String value) {
        Await.until(key + " is copied", NearStack.SOON).holds(() -> {
            long hits = stack.near.nearCounts().hits();
            assertThat(stack.near.get(key)).isEqualTo(new Answer.Hit(value));
            return stack.near.nearCounts().hits() > hits;
        });
    }

    /** Reads until the value is right, and sees that no read that was begun after the bound finds another. */
    private void awaitRead(String key, @Nullable String value) {
        long asked = System.nanoTime();
        Answer.Hit expected = value == null ? null : new Answer.Hit(value);
        while (true) {
            long begun = System.nanoTime();
            Answer.Hit hit = stack.near.get(key);
            if (Objects.equals(hit, expected)) {
                return;
            }
            assertThat(Duration.ofNanos(begun - asked))
                    .as("%s, expected %s, is %s", key, expected, hit)
                    .isLessThan(BOUND.plusMillis(50));
        }
    }
}
