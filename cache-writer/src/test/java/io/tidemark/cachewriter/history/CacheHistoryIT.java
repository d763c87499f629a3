package io.tidemark.cachewriter.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cachewriter.history.HistoryStore.Counted;
import io.tidemark.cachewriter.history.HistoryStore.Figure;
import io.tidemark.cachewriter.history.HistoryStore.Size;
import io.tidemark.cachewriter.history.Points.Point;
import io.tidemark.cachewriter.redis.RedisStore;
import io.tidemark.core.pipeline.RedisSettings;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two cache-writers keep the history of their caches in one real Redis; the clock is the test's. */
class CacheHistoryIT {
    @TempDir
    private static Path directory;

    private static EmbeddedRedis server;
    private static RedisConnection redis;
    private static RedisStore one;
    private static RedisStore other;

    private final Map<String, Map<String, Long>> clients = new HashMap<>();
    private Instant now = Instant.parse("2026-11-21T10:58:03Z");
    private Writer first;
    private Writer second;
    private CacheHistory history;

    /** One of the two. */
    private final class Writer implements HistoryKeeper.Sources {
        private final Map<Counted, Long> own = new HashMap<>();
        private final HistoryKeeper keeper;
        private long keys;
        private int measured;

        Writer(RedisStore store) {
            keeper = new HistoryKeeper(store.history(), this, Set.of("product", "bill"), () -> true, clock());
        }

        @Override
        public Map<String, Map<String, Long>> clients() {
            return clients;
        }

        @Override
        public Map<Counted, Long> own() {
            return own;
        }

        @Override
        public Map<String, Size> measure() {
            measured++;
            return Map.of("product", new Size(keys, 100 * keys));
        }
    }

    private InstantSource clock() {
        return () -> now;
    }

    @BeforeAll
    static void start() throws Exception {
        server = new EmbeddedRedis(io.tidemark.testkit.redis.RedisSettings.in(directory));
        server.start();
        redis = server.connect();
        one = new RedisStore(new RedisSettings.Server("127.0.0.1", server.port(), false, 0, null, null), 60_000);
        other = new RedisStore(new RedisSettings.Server("127.0.0.1", server.port(), false, 0, null, null), 60_000);
    }

    @AfterAll
    static void stop() throws Exception {
        one.close();
        other.close();
        redis.close();
        server.kill();
    }

    @BeforeEach
    void begin() throws Exception {
        redis.call("FLUSHALL");
        first = new Writer(one);
        second = new Writer(other);
        history = new CacheHistory(one.history(), Set.of("product", "bill"), clock());
    }

    @Test
    void bothCountAndEachMinuteIsKeptOnce() throws Exception {
        tick();
        clientsCount("product", 30, 10);
        first.own.put(new Counted("product", Figure.INVALIDATIONS), 5L);
        second.own.put(new Counted("product", Figure.INVALIDATIONS), 7L);
        second.own.put(new Counted("product", Figure.WARM_UPS), 1L);
        first.keys = 40;
        second.keys = 40;
        minuteLater();
        // What the second counted after the first took the sample comes with the next one.
        minuteLater();

        List<Point> points = points("product", 1);

        assertThat(points).hasSize(2);
        assertThat(sum(points)).isEqualTo(new Sample(30, 10, 0, 12, 1, 40, 4_000));
        assertThat(points).extracting(Point::beganAnew).containsOnly(false);
        assertThat(redis.call("HLEN", "tm.history:product:2026-11-21T10")).isEqualTo(2L);
        assertThat(redis.call("HLEN", "tm.history:product:2026-11-21T11")).isEqualTo(1L);
        assertThat(first.measured + second.measured)
                .as("one of them measures in a minute")
                .isEqualTo(3);
        assertThat(sum(points(HistoryKeeper.ALL, 1)).hits()).isEqualTo(30);
        assertThat(points("bill", 1)).extracting(point -> point.counts().hits()).containsOnly(0L);
    }

    @Test
    void anotherGoesOnWhenTheFirstIsGoneAndNothingIsCountedTwice() {
        tick();
        clientsCount("product", 5, 0);
        now = now.plusSeconds(60);
        second.keeper.tick();
        now = now.plusSeconds(600);
        clientsCount("product", 6, 0);
        second.keeper.tick();
        second.keeper.tick();
        List<Point> points = points("product", 1);
        assertThat(points).extracting(Point::minutes).containsExactly(1L, 10L);
        assertThat(sum(points).hits()).isEqualTo(11);
    }

    @Test
    void anEmptiedRedisBeginsAnewAndSaysSo() throws Exception {
        tick();
        clientsCount("product", 5_000, 0);
        minuteLater();
        assertThat(history.line("product", 1, null).orElseThrow().note()).startsWith("kept since 2026-11-21T10:58:00Z");

        redis.call("FLUSHALL");
        clients.clear();
        now = now.plusSeconds(60);
        tick();
        clientsCount("product", 3, 1);
        minuteLater();

        CacheHistory.Line line = history.line("product", 1, null).orElseThrow();
        assertThat(line.note())
                .isEqualTo("Redis was emptied, and the history with it: it began anew at 2026-11-21T11:00:00Z");
        assertThat(sum(line.points())).isEqualTo(new Sample(3, 1, 0, 0, 0, 0, 0));
    }

    @Test
    void threeDaysTakeABoundedPartOfMemoryAndThenGo() throws Exception {
        clientsCount("product", 1_000_000_000L, 100_000_000L);
        first.keys = 1_000_000;
        for (int minute = 0; minute < 60; minute++) {
            clientsCount("product", 1_234, 321);
            tick();
            now = now.plusSeconds(60);
        }
        long bytes = (Long) redis.call("MEMORY", "USAGE", "tm.history:product:2026-11-21T11", "SAMPLES", "0");
        System.out.println("an hour of one cache takes " + bytes + " bytes, 73 hours " + 73 * bytes);
        assertThat(73 * bytes).isLessThan(600_000);
        assertThat((Long) redis.call("TTL", "tm.history:product:2026-11-21T11"))
                .isBetween(
                        Duration.ofHours(72).toSeconds(), Duration.ofHours(73).toSeconds());
        assertThat(points("product", 72)).isNotEmpty();
    }

    @Test
    void namesThatClientsMakeUpDoNotFillRedis() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            clientsCount("made-up-" + i, i, 0);
        }
        tick();
        assertThat(((List<?>) redis.call("KEYS", "tm.history:*")).size()).isEqualTo(HistoryKeeper.MOST_CACHES);
        minuteLater();
        assertThat(history.line("made-up-999", 1, null)).isPresent();
        assertThat(history.line("made-up-0", 1, null)).isEmpty();
        assertThat(history.line("product", 1, null)).isPresent();
    }

    private void tick() {
        first.keeper.tick();
        second.keeper.tick();
    }

    private void minuteLater() {
        now = now.plusSeconds(60);
        tick();
    }

    private void clientsCount(String cache, long hits, long misses) {
        Map<String, Long> of = clients.computeIfAbsent(cache, c -> new HashMap<>());
        of.merge("hits", hits, Long::sum);
        of.merge("misses", misses, Long::sum);
    }

    private List<Point> points(String cache, int hours) {
        return history.line(cache, hours, Duration.ofMinutes(1)).orElseThrow().points();
    }

    private static Sample sum(List<Point> points) {
        return points.stream().map(Point::counts).reduce(Sample.NOTHING, Sample::and);
    }
}
