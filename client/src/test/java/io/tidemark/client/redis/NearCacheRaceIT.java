package io.tidemark.client.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.client.Answer;
import io.tidemark.client.ApplicationCache.CacheAwayException;
import io.tidemark.client.Keep;
import io.tidemark.client.near.NearCounts;
import io.tidemark.client.near.NearSettings;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.network.TcpProxy;
import io.tidemark.testkit.promise.BoundedAge;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.redisson.api.RedissonClient;

/**
 * Readers by way of copies while entries change, on ways that are slow, cut and healed. Writers number the states of a key; no reader
 * is ever given one that was replaced longer ago than the bound. Replay with {@code -Dtidemark.seed=N}.
 */
class NearCacheRaceIT {
    private static final Duration BOUND = Duration.ofMillis(250);
    private static final int KEYS = 12;
    private static final int READERS = 6;
    private static final Duration RACING = Duration.ofSeconds(4);

    private final long seed = Long.getLong("tidemark.seed", System.nanoTime() & 0xFFFFFF);
    private final BoundedAge promise = new BoundedAge(BOUND);
    private final AtomicLong[] database = new AtomicLong[KEYS];
    private final AtomicReference<Throwable> problem = new AtomicReference<>();
    private volatile boolean done;

    @TempDir
    private Path directory;

    /** Answers of reads are slow on their way, so that an invalidation often overtakes what it invalidates. */
    @Test
    void copyThatAnInvalidationOvertakesIsNotKept() throws Exception {
        NearCounts counts = race((stack, random) -> {});
        assertThat(counts.hits()).isPositive();
        assertThat(counts.refused()).as("races that happened").isPositive();
        assertThat(counts.resets()).isEqualTo(1);
    }

    @Test
    void noReaderSeesAnOldCopyHoweverTheConnectionIsLost() throws Exception {
        race((stack, random) -> {
            while (!done) {
                int which = random.nextInt(4);
                switch (which) {
                    case 0 -> stack.proxy.cut();
                    case 1 -> stack.proxy.reset();
                    case 2 -> stack.proxy.blackHole();
                    default -> stack.proxy.resetAfter(random.nextInt(2_000));
                }
                Thread.sleep(random.nextInt(500));
                stack.proxy.heal();
                Thread.sleep(100 + random.nextInt(600));
            }
            stack.proxy.heal();
            stack.awaitFollowing();
        });
    }

    private interface Disturbance {
        void run(NearStack stack, Random random) throws Exception;
    }

    private NearCounts race(Disturbance disturbance) throws Exception {
        NearCounts counts;
        System.out.println("near cache race: seed " + seed + " (replay with -Dtidemark.seed=" + seed + ")");
        for (int i = 0; i < KEYS; i++) {
            database[i] = new AtomicLong();
        }
        try (NearStack stack = new NearStack(directory, BOUND)) {
            TcpProxy slow = TcpProxy.start(0, stack.server.port());
            slow.delay(Duration.ofMillis(3));
            RedissonClient slowly = NearStack.open("redis://127.0.0.1:" + slow.port());
            NearCache near = new NearCache(
                    stack.redisson,
                    new RedisApplicationCache(slowly),
                    NearSettings.defaults().withBound(BOUND));
            try {
                Await.until("the stream is followed", NearStack.SOON).holds(near::isFollowing);
                List<Thread> threads = new ArrayList<>();
                threads.add(begin("writer", random -> write(stack, random), 0));
                for (int i = 0; i < READERS; i++) {
                    int reader = i;
                    threads.add(begin("reader " + i, random -> read(near, random, reader), i + 1));
                }
                threads.add(begin(
                        "end",
                        random -> {
                            Thread.sleep(RACING.toMillis());
                            done = true;
                        },
                        99));
                disturbance.run(stack, new Random(seed));
                for (Thread thread : threads) {
                    thread.join();
                }
                counts = near.nearCounts();
                System.out.println("near cache race: " + promise.reads() + " reads, " + counts);
            } finally {
                near.close();
                slowly.shutdown();
                slow.close();
            }
        }
        assertThat(problem.get()).isNull();
        assertThat(promise.reads()).isGreaterThan(1_000);
        promise.requireKept();
        return counts;
    }

    private interface Work {
        void run(Random random) throws Exception;
    }

    private Thread begin(String name, Work work, long number) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run(new Random(seed * 131 + number));
                    } catch (Throwable failure) {
                        problem.compareAndSet(null, failure);
                        done = true;
                    }
                },
                name);
        thread.start();
        return thread;
    }

    /** Even keys are rows, odd ones what an application computes of the "database". Each is written a few times, then left alone. */
    private void write(NearStack stack, Random random) throws IOException, InterruptedException {
        while (!done) {
            int i = random.nextInt(KEYS);
            for (int times = 1 + random.nextInt(4); times > 0; times--) {
                writeOne(stack, random, i);
                Thread.sleep(random.nextInt(8));
            }
            Thread.sleep(random.nextInt(20));
        }
    }

    private void writeOne(NearStack stack, Random random, int i) throws IOException {
        long state = database[i].incrementAndGet();
        if (i % 2 == 0) {
            stack.put(key(i), state);
        } else if (random.nextBoolean()) {
            stack.bump("t" + i);
        } else {
            stack.call("FCALL", "tm_invalidate", "2", key(i), "tm:{" + key(i) + "}");
        }
        promise.written(key(i), state, System.nanoTime());
    }

    /** A key below the number of readers is read by one only: nobody else's read covers up what it may have kept wrongly. */
    private void read(NearCache near, Random random, int reader) throws Exception {
        while (!done) {
            int i = random.nextBoolean() ? reader : READERS + random.nextInt(KEYS - READERS);
            long asked = System.nanoTime();
            Long state = null;
            if (i % 2 == 0) {
                try {
                    Answer.Hit hit = near.get(key(i));
                    state = hit == null ? null : Long.valueOf(hit.value());
                } catch (CacheAwayException away) {
                    Thread.sleep(5);
                }
            } else {
                Keep keep = Keep.forTtl(Duration.ofMinutes(1), "t" + i);
                state = Long.valueOf(near.readThrough(key(i), keep, () -> Long.toString(database[i].get())));
            }
            if (state != null) {
                promise.read(key(i), state, asked);
            }
        }
    }

    private static String key(int i) {
        return "entry:" + i;
    }
}
