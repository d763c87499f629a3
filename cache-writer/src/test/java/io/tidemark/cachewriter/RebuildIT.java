package io.tidemark.cachewriter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.change.ChangeHeaders;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import io.tidemark.testkit.servers.SharedServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Redis that was emptied or restarted is filled again, out of topics that hold many older changes of every row: nobody ever
 * reads one of those.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RebuildIT {
    private static final int ROWS = 3_000;
    private static final int CHANGES = 12;
    private static final String OPERATOR = "operator-token-of-the-tests-01";
    private static final String FROM_KAFKA = "{\"caches\":[\"item\"],\"source\":\"kafka\"}";
    private static final byte[] UNPLACED = WriterStack.utf8("{\"tidemark.truncate\":null}");
    private static final String RULES = """
            tables:
              public.item:
                invalidates:
                  - tags: ["named:{name}"]
            """;

    @TempDir
    private static Path directory;

    private static EmbeddedRedis redis;
    private static WriterStack stack;
    private static Map<Integer, Integer> last;

    @BeforeAll
    static void start() throws Exception {
        redis = new EmbeddedRedis(RedisSettings.in(directory.resolve("redis")).withDumpAtStop());
        redis.start();
        stack = new WriterStack(
                directory.resolve("writer"),
                SharedServers.postgres(),
                SharedServers.newDatabase(),
                redis,
                Map.of("TIDEMARK_CACHE_OPERATOR_TOKEN", OPERATOR),
                RULES);
        last = new ConcurrentHashMap<>();
        for (int change = 1; change <= CHANGES; change++) {
            for (int id = 0; id < ROWS; id++) {
                send(id, change);
            }
        }
        stack.flush();
        stack.start();
        awaitAllAreNewest();
    }

    @AfterAll
    static void stop() {
        stack.close();
        redis.kill();
    }

    @BeforeEach
    void isRight() {
        awaitAllAreNewest();
        stack.awaitApplied();
    }

    @Test
    @Order(1)
    void emptiedUnderLoadIsFilledAgainAndNobodyReadsAnOlderValue() throws Exception {
        Random random = new Random(seed());
        try (Reader reader = new Reader()) {
            for (int round = 0; round < 2; round++) {
                long rewinds = stack.progress("rewinds");
                flushAll();
                long emptied = System.nanoTime();
                for (int i = 0; i < 3_000; i++) {
                    int id = random.nextInt(ROWS);
                    send(id, last.get(id) + 1);
                }
                Await.until("the loss is seen", WriterStack.SOON).holds(() -> stack.progress("rewinds") > rewinds);
                double seconds = (System.nanoTime() - emptied) / 1e9;
                System.out.printf("seen %.1f s after FLUSHALL%n", seconds);
                // Two seconds are promised, of a machine that has time.
                assertThat(seconds).isLessThan(8);
                awaitAllAreNewest();
            }
            reader.requireNothingOlder();
        }
        stack.awaitApplied();
        String progress = stack.writer.get("/api/progress").body();
        assertThat(progress).contains("\"rebuild\":{\"running\":false,\"percent\":100,\"partitionsLeft\":0");
        assertThat(number(progress, "written")).as(progress).isPositive();
        assertThat(stack.writer.get("/prometheus").body())
                .contains("tidemark_rebuild_partitions_left 0.0")
                .containsPattern("tidemark_rebuild_entries_total [1-9]");
    }

    @Test
    @Order(2)
    void emptiedAgainInTheMiddleWhileTheWriterIsAwayItIsRebuiltByTheNext() throws Exception {
        try (Reader reader = new Reader()) {
            flushAll();
            Await.until("the rebuild has begun", WriterStack.SOON)
                    .holds(() -> !stack.entries().isEmpty());
            flushAll();
            stack.writer.kill();
            send(1, last.get(1) + 1);
            stack.flush();
            stack.writer.start();
            awaitAllAreNewest();
            reader.requireNothingOlder();
        }
    }

    @Test
    @Order(4)
    void redisThatComesBackWithOlderDataMakesEveryEntryWithATagStale() throws Exception {
        fill("app:1", "named:x");
        call("SAVE");
        call("FCALL", "tm_bump", "1", "tm.{bumps}", "named:x");
        assertThat(isRight("app:1")).isFalse();
        send(7, last.get(7) + 1);
        stack.awaitApplied();
        redis.kill();
        redis.start();

        Await.until("what was invalidated after the data were saved is stale", WriterStack.SOON)
                .holds(() -> !isRight("app:1"));
        awaitAllAreNewest();
    }

    @Test
    @Order(5)
    void changeOfARowStillMakesItsOldTagsStaleAfterARebuild() throws Exception {
        flushAll();
        awaitAllAreNewest();
        stack.awaitApplied();
        long guessed = stack.progress("tagsGuessed");
        fill("app:2", "named:" + name(5, last.get(5)));
        send(5, last.get(5) + 1);
        stack.awaitApplied();
        assertThat(isRight("app:2")).as("its row has another name now").isFalse();
        assertThat(stack.progress("tagsGuessed"))
                .as("the old name was remembered")
                .isEqualTo(guessed);
    }

    @Test
    @Order(3)
    void invalidationsMadeWhileItIsRebuiltAreNotLost() throws Exception {
        flushAll();
        List<String> stale = new ArrayList<>();
        Await.until("the rebuild has begun", WriterStack.SOON).holds(RebuildIT::isRebuilding);
        for (int id = 0; stale.isEmpty() || isRebuilding(); id = (id + 1) % ROWS) {
            // One by the change of a row, whose old name Redis may not remember yet, and one by an application.
            put("app:row" + id, "named:" + name(id, last.get(id)));
            send(id, last.get(id) + 1);
            fill("app:own" + id, "own:" + id);
            call("FCALL", "tm_bump", "1", "tm.{bumps}", "own:" + id);
            if (isRebuilding()) {
                stale.addAll(List.of("app:row" + id, "app:own" + id));
            }
        }
        awaitAllAreNewest();
        stack.awaitApplied();
        assertThat(stale).hasSizeGreaterThan(2).noneMatch(key -> {
            try {
                return isRight(key);
            } catch (IOException away) {
                throw new UncheckedIOException(away);
            }
        });
    }

    private static boolean isRebuilding() throws Exception {
        return stack.writer.get("/api/progress").body().contains("\"rebuild\":{\"running\":true");
    }

    @Test
    @Order(6)
    void nothingOfBeforeATruncateComesBack() throws Exception {
        long at = stack.changes.next();
        for (int partition = 0; partition < 2; partition++) {
            stack.send(partition, WriterStack.utf8("{\"tidemark.truncate\":true}"), stack.changes.truncate(at));
        }
        last.clear();
        for (int id = 0; id < 10; id++) {
            send(id, 1_000);
        }
        stack.awaitApplied();
        flushAll();
        Await.until("what came after the TRUNCATE is back", WriterStack.SOON).holds(() -> {
            int size = stack.entries().size();
            assertThat(size).isLessThanOrEqualTo(10);
            return size == 10;
        });
        stack.awaitApplied();
        new WarmCalls(stack, OPERATOR).warmed(FROM_KAFKA);
        assertThat(stack.entries()).hasSize(10);
    }

    @Test
    @Order(7)
    void truncateThatAConnectClusterCapturedLeavesNothingOfBeforeWhateverTheOrderOfItsCopies() throws Exception {
        Header byConnect = new RecordHeader(ChangeHeaders.CAPTURED_BY, WriterStack.utf8("kafka-connect"));
        Set<Integer> before = Set.copyOf(last.keySet());
        byte[] late = stack.changes.update(1, name(1, 1));
        long at = stack.changes.next();
        last.clear();
        // What came after it is on the other partition before the record's copy, and what came before it long after
        // that.
        for (int id = 3_001; id < 3_020; id += 2) {
            send(id, 1);
        }
        stack.flush();
        long end = stack.end(1);
        stack.send(0, UNPLACED, stack.changes.truncate(at), byConnect);
        stack.awaitApplied();
        assertThat(stack.end(1)).as("with the copy").isEqualTo(end + 1);
        stack.send(1, late, byConnect);
        stack.awaitApplied();
        requireOnlyTheNewOnes();
        assertThat(before).contains(1);

        flushAll();
        Await.until("what came after the TRUNCATE is back", WriterStack.SOON).holds(() -> {
            assertThat(stack.entries().keySet())
                    .isSubsetOf(last.keySet().stream().map(stack::entry).toList());
            return stack.entries().size() == last.size();
        });
        stack.awaitApplied();
        new WarmCalls(stack, OPERATOR).warmed(FROM_KAFKA);
        requireOnlyTheNewOnes();
    }

    private static void requireOnlyTheNewOnes() throws IOException {
        assertThat(stack.entries().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        last.keySet().stream().map(stack::entry).toList());
    }

    /** Reads some entries again and again, and keeps what went back. */
    private static final class Reader implements AutoCloseable {
        private static final int SOME = 300;

        private final Map<Integer, Integer> newest = new HashMap<>();
        private final Map<Integer, String> older = new ConcurrentHashMap<>();
        private final Thread thread = new Thread(this::run, "reader");
        private volatile boolean over;
        private volatile long reads;

        Reader() {
            thread.start();
        }

        private void run() {
            while (!over) {
                try (RedisConnection connection = redis.connect()) {
                    while (!over) {
                        read(connection);
                    }
                } catch (IOException | RuntimeException away) {
                    Thread.onSpinWait();
                }
            }
        }

        private void read(RedisConnection connection) throws IOException {
            List<String[]> gets = Stream.iterate(0, id -> id + ROWS / SOME)
                    .limit(SOME)
                    .map(id -> new String[] {"GET", stack.entry(id)})
                    .toList();
            List<?> values = connection.callAll(gets);
            for (int i = 0; i < SOME; i++) {
                int id = i * (ROWS / SOME);
                if (values.get(i) != null) {
                    int change = number((String) values.get(i), "changed");
                    int before = newest.merge(id, change, Math::max);
                    if (before > change) {
                        older.putIfAbsent(id, "change " + change + " after " + before);
                    }
                    reads++;
                }
            }
        }

        void requireNothingOlder() {
            assertThat(reads).isPositive();
            assertThat(older).as("entries that went back").isEmpty();
        }

        @Override
        public void close() throws InterruptedException {
            over = true;
            thread.join(10_000);
        }
    }

    private static void send(int id, int change) {
        last.put(id, change);
        stack.send(id, stack.changes.update(id, name(id, change)));
    }

    private static String name(int id, int change) {
        return "row" + id + "-changed:" + change;
    }

    private static void awaitAllAreNewest() {
        stack.flush();
        Await.until("every entry is the newest", WriterStack.SOON.multipliedBy(2))
                .holds(() -> {
                    List<Integer> ids = List.copyOf(last.keySet());
                    try (RedisConnection connection = redis.connect()) {
                        List<?> values = (List<?>) connection.call(
                                Stream.concat(Stream.of("MGET"), ids.stream().map(stack::entry))
                                        .toArray(String[]::new));
                        return Stream.iterate(0, i -> i + 1).limit(ids.size()).allMatch(i -> String.valueOf(
                                        values.get(i))
                                .contains("\"" + name(ids.get(i), last.get(ids.get(i))) + "\""));
                    }
                });
    }

    private static int number(String text, String field) {
        int at = text.indexOf(field);
        java.util.regex.Matcher digits = java.util.regex.Pattern.compile("\\d+").matcher(text);
        return at >= 0 && digits.find(at) ? Integer.parseInt(digits.group()) : -1;
    }

    private static long seed() {
        long seed = Long.getLong("tidemark.seed", System.nanoTime());
        System.out.println("RebuildIT: -Dtidemark.seed=" + seed);
        return seed;
    }

    private static void flushAll() throws IOException {
        call("FLUSHALL");
    }

    private static void fill(String key, String tags) throws IOException {
        put(key, tags);
        assertThat(isRight(key)).as(key).isTrue();
    }

    private static void put(String key, String tags) throws IOException {
        String meta = EntryKey.metaOf(key);
        call("FCALL", "tm_lease", "2", key, meta, "t", "10000");
        call("FCALL", "tm_fill", "2", key, meta, "t", "600000", "0", "0", tags, "value", "{}");
    }

    private static boolean isRight(String key) throws IOException {
        return call("FCALL_RO", "tm_get", "2", key, EntryKey.metaOf(key)) != null;
    }

    private static Object call(String... command) throws IOException {
        try (RedisConnection connection = redis.connect()) {
            return connection.call(command);
        }
    }
}
