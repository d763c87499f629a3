package io.tidemark.client.redis;

import io.tidemark.client.near.NearSettings;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Tag;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.network.TcpProxy;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** A Redis, a proxy before it, and a near cache that reaches it by the proxy. What the test writes goes to Redis itself. */
final class NearStack implements AutoCloseable {
    private static final Duration STEADY = Duration.ofMillis(400);
    static final Duration SOON = Duration.ofSeconds(20);

    final EmbeddedRedis server;
    final TcpProxy proxy;
    final RedissonClient redisson;
    final RedisApplicationCache far;
    final NearCache near;

    NearStack(Path directory, Duration bound) throws IOException {
        server = new EmbeddedRedis(RedisSettings.in(directory));
        server.start();
        loadLibrary();
        proxy = TcpProxy.start(0, server.port());
        redisson = open("redis://127.0.0.1:" + proxy.port());
        far = new RedisApplicationCache(redisson);
        near = new NearCache(redisson, far, NearSettings.defaults().withBound(bound));
        awaitFollowing();
    }

    static RedissonClient open(String address) {
        Config config = new Config();
        config.setThreads(4).setNettyThreads(4);
        config.useSingleServer()
                .setAddress(address)
                .setConnectionPoolSize(12)
                .setConnectionMinimumIdleSize(2)
                .setTimeout(1_500)
                .setRetryAttempts(0)
                .setConnectTimeout(3_000)
                .setPingConnectionInterval(500);
        return Redisson.create(config);
    }

    void loadLibrary() throws IOException {
        call("FUNCTION", "LOAD", "REPLACE", FunctionLibrary.load().text());
    }

    /**
     * Waits until the stream has been followed for longer than a call of the follower lasts: what comes first after a fault may be
     * the answer to a call from before it, which says little of now.
     */
    void awaitFollowing() {
        long[] since = {System.nanoTime()};
        Await.until("the stream is followed", SOON).holds(() -> {
            if (!near.isFollowing()) {
                since[0] = System.nanoTime();
            }
            return System.nanoTime() - since[0] > STEADY.toNanos();
        });
    }

    Object call(String... command) throws IOException {
        try (RedisConnection connection = server.connect()) {
            return connection.call(command);
        }
    }

    /** Writes an entry of a row, as cache-writer does. */
    void put(String key, long state) throws IOException {
        call(
                "FCALL",
                FunctionLibrary.PUT,
                "2",
                key,
                EntryKey.metaOf(key),
                version(state),
                "0",
                "0",
                "60000",
                "",
                Long.toString(state));
    }

    void bump(String... tags) throws IOException {
        List<String> command = new ArrayList<>(List.of("FCALL", FunctionLibrary.BUMP, "1", Tag.BUMPS));
        command.addAll(List.of(tags));
        call(command.toArray(String[]::new));
    }

    static String version(long state) {
        return String.format("0001-%016x-%016x-0000", state, state);
    }

    @Override
    public void close() throws IOException {
        proxy.heal();
        near.close();
        redisson.shutdown();
        proxy.close();
        server.kill();
    }
}
