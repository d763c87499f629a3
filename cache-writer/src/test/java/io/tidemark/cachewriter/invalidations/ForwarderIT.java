package io.tidemark.cachewriter.invalidations;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cachewriter.invalidations.InvalidationSink.SinkException;
import io.tidemark.cachewriter.redis.RedisStore;
import io.tidemark.cachewriter.stats.WriterStats;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.core.contract.Tag;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forwarder at its worst moments, between a real Redis and a sink that fails when the test says so. */
class ForwarderIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private EmbeddedRedis server;
    private RedisStore store;
    private final WriterStats stats = new WriterStats(Clock.systemUTC());
    private final List<String> arrived = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws IOException {
        server = new EmbeddedRedis(RedisSettings.in(directory));
        server.start();
        call("FUNCTION", "LOAD", FunctionLibrary.load().text());
        store = new RedisStore(
                new io.tidemark.core.pipeline.RedisSettings.Server("127.0.0.1", server.port(), false, 0, null, null),
                60_000);
    }

    @AfterEach
    void close() {
        store.close();
        server.kill();
    }

    @Test
    void whoDiesBetweenPuttingAndSayingSoIsFollowedByOneWhoPutsItAgain() throws Exception {
        AtomicInteger puts = new AtomicInteger();
        try (Forwarder first = forwarder(invalidations -> {
                    put(invalidations);
                    if (names(invalidations).contains("b")) {
                        throw new Died();
                    }
                });
                Forwarder second = forwarder(invalidations -> {
                    puts.incrementAndGet();
                    put(invalidations);
                })) {
            first.begin();
            awaitArrived("reset");
            bump("a");
            awaitArrived("a");
            second.begin();
            bump("b");
            awaitArrived("b");
            bump("c");
            awaitArrived("c");
            assertThat(puts.get()).isPositive();
            assertThat(arrived).containsExactly("reset", "a", "b", "b", "c");
        }
    }

    @Test
    void sinkThatDoesNotTakeThemKeepsThemInRedis() throws Exception {
        AtomicInteger refusals = new AtomicInteger();
        try (Forwarder forwarder = forwarder(invalidations -> {
            if (names(invalidations).contains("a") && refusals.incrementAndGet() < 3) {
                throw new SinkException("away", new IOException("no broker"));
            }
            put(invalidations);
        })) {
            forwarder.begin();
            awaitArrived("reset");
            bump("a");
            bump("b");
            awaitArrived("b");
            assertThat(arrived).containsExactly("reset", "a", "b");
            assertThat(refusals.get()).isGreaterThanOrEqualTo(3);
            assertThat(stats.invalidationsForwarded()).isEqualTo(3);
        }
    }

    @Test
    void inABulkOfChangesManyRecordsArePutTogetherAndInTheirOrder() throws Exception {
        AtomicInteger puts = new AtomicInteger();
        int calls = 40;
        try (Forwarder forwarder = forwarder(invalidations -> {
            puts.incrementAndGet();
            put(invalidations);
        })) {
            forwarder.begin();
            awaitArrived("reset");
            long before = puts.get();
            long begin = System.nanoTime();
            try (RedisConnection connection = server.connect()) {
                for (int call = 0; call < calls; call++) {
                    connection.call(fiveRecords(call));
                    int soFar = 1 + 5 * (call + 1);
                    Await.until("they have arrived", SOON).holds(() -> arrived.size() == soFar);
                }
            }
            long millis = (System.nanoTime() - begin) / 1_000_000;
            assertThat(puts.get() - before).as("in %d ms", millis).isLessThanOrEqualTo(millis / 50 + 2);
        }
        List<String> expected = new ArrayList<>(List.of("reset"));
        for (int call = 0; call < calls; call++) {
            for (int record = 0; record < 5; record++) {
                expected.add(name(call, record));
            }
        }
        assertThat(arrived.stream().map(names -> names.replaceAll(",.*", "")).toList())
                .isEqualTo(expected);
    }

    /** A call that says as many names as make five records. */
    private static String[] fiveRecords(int call) {
        List<String> command = new ArrayList<>(List.of("FCALL", FunctionLibrary.SAY, "1", Tag.BUMPS, "keys"));
        for (int record = 0; record < 5; record++) {
            for (int i = 0; i < 32; i++) {
                command.add(i == 0 ? name(call, record) : "k" + i);
            }
        }
        return command.toArray(String[]::new);
    }

    private static String name(int call, int record) {
        return "first-" + call + "-" + record;
    }

    @Test
    void noStreamIsKeptWhereItIsTurnedOff() throws Exception {
        bump("a");
        assertThat(call("EXISTS", Tag.STREAM)).isEqualTo(1L);
        try (Forwarder forwarder = new Forwarder(store.invalidations(), this::put, 0, stats, () -> true)) {
            forwarder.begin();
            Await.until("the stream is gone", SOON)
                    .holds(() -> call("EXISTS", Tag.STREAM).equals(0L));
            bump("b");
            assertThat(call("EXISTS", Tag.STREAM)).isEqualTo(0L);
        }
        assertThat(arrived).isEmpty();
    }

    /** Ends the forwarder's thread as the end of its process would. */
    private static final class Died extends Error {
        private static final long serialVersionUID = 1L;

        Died() {
            super("planted by the test");
        }
    }

    private Forwarder forwarder(InvalidationSink sink) {
        return new Forwarder(store.invalidations(), sink, 50_000, stats, () -> true);
    }

    private void put(List<Invalidation> invalidations) {
        arrived.addAll(names(invalidations));
    }

    private static List<String> names(List<Invalidation> invalidations) {
        return invalidations.stream()
                .map(one -> one.kind().equals("reset") ? "reset" : one.names().replaceAll("[\\[\\]\"]", ""))
                .toList();
    }

    private void awaitArrived(String name) {
        Await.until(name + " has arrived", SOON).holds(() -> arrived.contains(name));
    }

    private void bump(String tag) throws IOException {
        call("FCALL", FunctionLibrary.BUMP, "1", Tag.BUMPS, tag);
    }

    private Object call(String... command) throws IOException {
        try (RedisConnection connection = server.connect()) {
            return connection.call(command);
        }
    }
}
