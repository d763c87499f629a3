package io.tidemark.benchmarks.redis;

import io.tidemark.client.Keep;
import io.tidemark.client.redis.RedisApplicationCache;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/** What reading costs a Java application through the contract's client, beside Redisson's own GET of the same keys. */
public final class ClientReads {
    private static final int ROUNDS = 7;

    private ClientReads() {}

    /**
     * Reads entries that are right, both ways in turn.
     *
     * @param threads how many read at once
     * @param reads of each thread in a round
     * @param keys the key of the i-th entry
     * @param tag what all of them carry
     * @return reads a second by GET and through the contract, the medians of the rounds
     */
    public static double[] rates(String url, int threads, int reads, int entries, IntFunction<String> keys, String tag)
            throws Exception {
        Config config = new Config();
        config.useSingleServer().setAddress(url).setConnectionPoolSize(16).setConnectionMinimumIdleSize(16);
        RedissonClient redisson = Redisson.create(config);
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try (RedisApplicationCache cache = new RedisApplicationCache(redisson)) {
            Keep keep = Keep.forTtl(Duration.ofHours(1), tag);
            Read plain =
                    key -> redisson.<String>getBucket(key, StringCodec.INSTANCE).get();
            Read contract = key -> cache.readThrough(key, keep, () -> {
                throw new IllegalStateException(key + " is not there, or not right");
            });
            double[] gets = new double[ROUNDS];
            double[] through = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                gets[round] = rate(workers, threads, reads, entries, keys, plain);
                through[round] = rate(workers, threads, reads, entries, keys, contract);
            }
            Arrays.sort(gets);
            Arrays.sort(through);
            return new double[] {gets[ROUNDS / 2], through[ROUNDS / 2]};
        } finally {
            workers.shutdownNow();
            redisson.shutdown();
        }
    }

    private static double rate(
            ExecutorService workers, int threads, int reads, int entries, IntFunction<String> keys, Read read)
            throws Exception {
        long start = System.nanoTime();
        List<Future<?>> all = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int first = thread * reads;
            all.add(workers.submit(() -> {
                for (int i = first; i < first + reads; i++) {
                    read.of(keys.apply(Math.floorMod(i * 7919, entries)));
                }
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        return (double) threads * reads * 1e9 / (System.nanoTime() - start);
    }

    @FunctionalInterface
    private interface Read {
        @Nullable
        Object of(String key) throws Exception;
    }
}
