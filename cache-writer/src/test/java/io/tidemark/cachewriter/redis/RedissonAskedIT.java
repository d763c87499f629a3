package io.tidemark.cachewriter.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cachewriter.admin.AskedStore;
import io.tidemark.core.pipeline.RedisSettings;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counts of what is asked for, in a real Redis. */
class RedissonAskedIT {
    @TempDir
    private static Path directory;

    private static EmbeddedRedis server;
    private static RedisConnection redis;
    private static RedisStore store;
    private static AskedStore asked;

    @BeforeAll
    static void start() throws Exception {
        server = new EmbeddedRedis(io.tidemark.testkit.redis.RedisSettings.in(directory));
        server.start();
        redis = server.connect();
        store = new RedisStore(new RedisSettings.Server("127.0.0.1", server.port(), false, 0, null, null), 60_000);
        asked = store.asked();
    }

    @AfterAll
    static void stop() throws Exception {
        store.close();
        redis.close();
        server.kill();
    }

    @BeforeEach
    void nothing() throws Exception {
        redis.call("FLUSHALL");
    }

    @Test
    void theMostAskedForComeFirstUnderEveryName() throws Exception {
        redis.call("ZADD", "tm.asked:c", "8", "c:8", "3", "c:3", "5", "c:5");
        redis.call("ZADD", "tm.asked:d", "1", "d");
        assertThat(asked.asked("c", 2)).containsExactly(Map.entry("c:8", 8.0), Map.entry("c:5", 5.0));
        assertThat(asked.asked("nothing", 2)).isEmpty();
        assertThat(asked.asked("c", 0)).isEmpty();
        assertThat(asked.names()).containsExactlyInAnyOrder("c", "d");
    }

    @Test
    void whatIsCountedWhileItIsMovedStays() throws Exception {
        redis.call("ZADD", "tm.asked:p", "11", "p:1", "2", "p:2", "1", "p:3");
        redis.call("ZADD", "tm.asked:c", "4", "p:1");
        // Seen as 8 and 2; three more came since.
        asked.move("p", "c", Map.of("p:1", 8.0, "p:2", 2.0));
        assertThat(asked.asked("p", 9)).isEqualTo(Map.of("p:1", 3.0, "p:3", 1.0));
        assertThat(asked.asked("c", 9)).isEqualTo(Map.of("p:1", 12.0, "p:2", 2.0));
    }

    @Test
    void aKeyIsFoundAtAnyMomentByWhoReadsTheNamesInTheirOrder() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong looks = new AtomicLong();
        AtomicLong missed = new AtomicLong();
        redis.call("ZADD", "tm.asked:p", "1", "p:1");
        Thread reader = new Thread(() -> {
            while (!over.get()) {
                boolean found = asked.asked("p", 9).containsKey("p:1");
                found |= asked.asked("c", 9).containsKey("p:1");
                missed.addAndGet(found ? 0 : 1);
                looks.incrementAndGet();
            }
        });
        reader.start();
        for (int round = 0; round < 300; round++) {
            asked.move("p", "c", Map.of("p:1", 1.0));
            // Put back in one step each, first where it comes from.
            redis.call("ZADD", "tm.asked:p", "1", "p:1");
            long before = looks.get();
            while (looks.get() < before + 2) {
                Thread.onSpinWait();
            }
            redis.call("DEL", "tm.asked:c");
        }
        over.set(true);
        reader.join();
        assertThat(looks.get()).isGreaterThan(600);
        assertThat(missed.get()).isZero();
    }

    @Test
    void agesAndKeepsSoManyAndForgetsTheRest() throws Exception {
        redis.call("ZADD", "tm.asked:c", "8", "c:8", "3", "c:3", "1", "c:1", "0.5", "c:0");
        asked.age("c", 0.5, 3);
        assertThat(asked.asked("c", 9)).isEqualTo(Map.of("c:8", 4.0, "c:3", 1.5, "c:1", 0.5));
        asked.age("c", 0.5, 3);
        assertThat(asked.asked("c", 9)).isEqualTo(Map.of("c:8", 2.0, "c:3", 0.75));
        asked.drop("c");
        assertThat(asked.names()).isEmpty();
    }

    @Test
    void oneHasTheTurnAndNobodyBeforeItIsTime() throws Exception {
        long now = System.currentTimeMillis();
        assertThat(asked.turn(now, 1_000)).hasValue(1_000);
        assertThat(asked.turn(now, 1_000)).isEmpty();
        assertThat(asked.turn(now + 999, 1_000)).isEmpty();
        assertThat(asked.turn(now + 5_000, 1_000)).hasValue(5_000);
        redis.call("SET", "tm.asked-aged", Long.toString(now + 3_600_000));
        assertThat(asked.turn(now, 1_000)).hasValue(0);
        redis.call("SET", "tm.asked-aged", "nonsense");
        assertThat(asked.turn(now, 1_000)).isPresent();
    }
}
