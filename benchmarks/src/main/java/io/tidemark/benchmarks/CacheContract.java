package io.tidemark.benchmarks;

import io.tidemark.benchmarks.redis.ClientReads;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Tag;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The cache contract in one Redis: what an entry takes, how quickly a tag of very many members is stale and swept while others
 * are served, and what reading costs beside a plain GET. Run: {@code java -cp benchmarks/target/benchmarks.jar
 * io.tidemark.benchmarks.CacheContract [members]}.
 */
public final class CacheContract {
    private static final String TAG = "products";
    private static final String VALUE = "x".repeat(100);
    private static final int AT_ONCE = 1_000;
    private static final int SWEEP = 250;
    private static final int READS = 20_000;
    private static final int ROUNDS = 7;

    private final RedisConnection redis;
    private final EmbeddedRedis server;
    private final int members;

    private CacheContract(EmbeddedRedis server, RedisConnection redis, int members) {
        this.server = server;
        this.redis = redis;
        this.members = members;
    }

    public static void main(String[] arguments) throws Exception {
        int members = arguments.length == 0 ? 1_000_000 : Integer.parseInt(arguments[0]);
        Path directory = Files.createTempDirectory("tidemark-contract");
        EmbeddedRedis server = new EmbeddedRedis(RedisSettings.in(directory));
        server.start();
        try (RedisConnection redis = server.connect()) {
            redis.call("FUNCTION", "LOAD", FunctionLibrary.load().text());
            new CacheContract(server, redis, members).measure();
        } finally {
            server.kill();
        }
    }

    private void measure() throws Exception {
        double plain = perEntry(i -> List.<String[]>of(new String[] {"SET", key(i), VALUE, "PX", "36000000"}));
        double filled = perEntry(i -> List.of(call("tm_lease", i, "t", "60000"), fill(i)));
        print("memory beside value and key: %.0f bytes an entry with one tag", filled - plain);
        reads();
        clientReads(1);
        clientReads(8);
        sweep();
        print("%s keys left", String.valueOf(redis.call("DBSIZE")));
    }

    /** Makes all entries; the memory that each took. */
    private double perEntry(Commands commands) throws IOException {
        redis.call("FLUSHALL");
        redis.call("FCALL", FunctionLibrary.BUMP, "1", Tag.BUMPS, "another");
        long before = info("memory", "used_memory");
        long start = System.nanoTime();
        List<String[]> batch = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            batch.addAll(commands.of(i));
            if (batch.size() >= AT_ONCE || i == members - 1) {
                redis.callAll(batch);
                batch.clear();
            }
        }
        print("%,.0f entries a second written", members * 1e9 / (System.nanoTime() - start));
        return (info("memory", "used_memory") - before) / (double) members;
    }

    private void reads() throws Exception {
        double[] get = new double[ROUNDS];
        double[] mget = new double[ROUNDS];
        double[] function = new double[ROUNDS];
        String counter = new Tag(TAG).counterKey();
        for (int round = 0; round < ROUNDS; round++) {
            get[round] = rate(i -> new String[] {"GET", key(i)});
            mget[round] = rate(i -> new String[] {"MGET", key(i), EntryKey.metaOf(key(i)), counter});
            function[round] =
                    rate(i -> new String[] {"FCALL_RO", FunctionLibrary.GET, "2", key(i), EntryKey.metaOf(key(i))});
        }
        print(
                "reads a second, one connection, one after the other: GET %,.0f, MGET of the contract %,.0f (%.0f %%), tm_get %,.0f (%.0f %%)",
                median(get),
                median(mget),
                100 * median(mget) / median(get),
                median(function),
                100 * median(function) / median(get));
    }

    private void clientReads(int threads) throws Exception {
        double[] rates = ClientReads.rates(server.url(), threads, READS / threads, members, CacheContract::key, TAG);
        print(
                "reads a second in Java, %d at once: Redisson's GET %,.0f, through the contract %,.0f (%.0f %%)",
                threads, rates[0], rates[1], 100 * rates[1] / rates[0]);
    }

    private double rate(Command command) throws IOException {
        long start = System.nanoTime();
        for (int i = 0; i < READS; i++) {
            if (redis.call(command.of((i * 7919) % members)) == null) {
                throw new IllegalStateException("entry " + i + " is not there");
            }
        }
        return READS * 1e9 / (System.nanoTime() - start);
    }

    private void sweep() throws Exception {
        long start = System.nanoTime();
        redis.call("FCALL", FunctionLibrary.BUMP, "1", Tag.BUMPS, TAG);
        long bumped = System.nanoTime();
        boolean stale = redis.call(readCall(0)) == null && redis.call(readCall(members - 1)) == null;
        print(
                "a tag of %,d members is stale %.2f ms after the call (seen: %s)",
                members, (bumped - start) / 1e6, stale);
        Histogram pings = new Histogram(3);
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<@Nullable Throwable> problem = new AtomicReference<>();
        Thread pinger = new Thread(() -> ping(pings, done, problem));
        pinger.start();
        double cpu = processorSeconds();
        start = System.nanoTime();
        long removed = sweepAll();
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuSeconds = processorSeconds() - cpu;
        done.set(true);
        pinger.join();
        if (problem.get() != null) {
            throw new IllegalStateException("the PING beside it failed", problem.get());
        }
        print(
                "swept %,d entries, %,.0f a second (%,.0f for each second that Redis had a core)",
                removed, removed / seconds, removed / cpuSeconds);
        print(
                "PING beside it: p50 %.2f ms, p99 %.2f ms, longest %.2f ms of %,d",
                pings.getValueAtPercentile(50) / 1e3,
                pings.getValueAtPercentile(99) / 1e3,
                pings.getMaxValue() / 1e3,
                pings.getTotalCount());
    }

    private long sweepAll() throws IOException {
        String counter = new Tag(TAG).counterKey();
        List<?> lists = list(redis.call("FCALL_RO", FunctionLibrary.MEMBERS, "1", counter, TAG));
        long removed = 0;
        for (int i = 0; i < lists.size(); i += 2) {
            for (long left = (Long) lists.get(i + 1); left > 0; ) {
                List<?> did = list(redis.call(
                        "FCALL", FunctionLibrary.SWEEP, "1", counter, TAG, (String) lists.get(i), "" + SWEEP));
                left -= Math.max(1, (Long) did.get(0));
                removed += (Long) did.get(1);
            }
        }
        return removed;
    }

    private void ping(Histogram pings, AtomicBoolean done, AtomicReference<@Nullable Throwable> problem) {
        try (RedisConnection beside = server.connect()) {
            while (!done.get()) {
                long start = System.nanoTime();
                beside.call("PING");
                pings.recordValue((System.nanoTime() - start) / 1_000);
                TimeUnit.MICROSECONDS.sleep(500);
            }
        } catch (IOException | InterruptedException | RuntimeException failure) {
            problem.set(failure);
        }
    }

    private static String key(int i) {
        return String.format(Locale.ROOT, "product:%07d", i);
    }

    private static String[] readCall(int i) {
        return new String[] {"FCALL_RO", FunctionLibrary.GET, "2", key(i), EntryKey.metaOf(key(i))};
    }

    private static String[] fill(int i) {
        return call(FunctionLibrary.FILL, i, "t", "36000000", "10", "0", TAG, "value", VALUE);
    }

    private static String[] call(String function, int i, String... arguments) {
        List<String> command = new ArrayList<>(List.of("FCALL", function, "2", key(i), EntryKey.metaOf(key(i))));
        command.addAll(List.of(arguments));
        return command.toArray(String[]::new);
    }

    private double processorSeconds() throws IOException {
        return Double.parseDouble(infoText("cpu", "used_cpu_user"))
                + Double.parseDouble(infoText("cpu", "used_cpu_sys"));
    }

    private long info(String section, String name) throws IOException {
        return Long.parseLong(infoText(section, name));
    }

    private String infoText(String section, String name) throws IOException {
        return String.valueOf(redis.call("INFO", section))
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .findFirst()
                .orElseThrow()
                .substring(name.length() + 1)
                .strip();
    }

    private static List<?> list(@Nullable Object reply) {
        if (reply instanceof List<?> elements) {
            return elements;
        }
        throw new IllegalStateException("expected a list, found " + reply);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }

    @FunctionalInterface
    private interface Commands {
        List<String[]> of(int i);
    }

    @FunctionalInterface
    private interface Command {
        String[] of(int i);
    }
}
