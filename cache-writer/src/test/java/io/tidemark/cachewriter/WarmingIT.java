package io.tidemark.cachewriter;

import static io.tidemark.cachewriter.AdminCalls.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.promise.EventuallyEqual;
import io.tidemark.testkit.promise.NoStaleOverwrite;
import io.tidemark.testkit.promise.Violation;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import io.tidemark.testkit.servers.SharedServers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Warming at the start and on demand, from the database and from Kafka, on a cache-writer between real servers. */
class WarmingIT {
    private static final String OPERATOR = "operator-token-of-the-tests-01";
    private static final int ROWS = 600;
    private static final String CACHES = """
              at-start:
                table: public.item
                key: "started:{id}"
                ttl: 1h
                warm: {at: start, limit: 50}
              lonely:
                table: public.lonely
                key: "lonely:{id}"
                warm: {source: kafka}
            """;

    @TempDir
    private static Path directory;

    private static EmbeddedRedis redis;
    private static WriterStack stack;
    private static WarmCalls calls;

    @BeforeAll
    static void start() throws Exception {
        redis = new EmbeddedRedis(RedisSettings.in(directory.resolve("redis")));
        redis.start();
        stack = new WriterStack(
                directory.resolve("writer"),
                SharedServers.postgres(),
                SharedServers.newDatabase(),
                redis,
                Map.of("TIDEMARK_CACHE_OPERATOR_TOKEN", OPERATOR),
                CACHES);
        calls = new WarmCalls(stack, OPERATOR);
        // Its topic is never made.
        stack.sql("create table lonely (id int primary key)");
        stack.sql("insert into item select i, 'v0', 1.5, null from generate_series(1, " + ROWS + ") i");
        call("ZADD", "tm.asked:started", "9", "started:500");
        stack.start();
        awaitWarmedAtTheStart();
        // Far apart, so that an older record is met long before the newest one.
        for (int id = 1; id <= ROWS; id++) {
            stack.send(id, stack.changes.row("c", id, "old"));
        }
        for (int id = 1; id <= ROWS; id++) {
            stack.send(id, stack.changes.update(id, "v0"));
        }
        stack.awaitApplied();
    }

    @AfterAll
    static void stop() {
        stack.close();
        redis.kill();
    }

    /** As after an eviction of everything: neither values nor fences. */
    @BeforeEach
    void nothingIsWarm() throws Exception {
        Await.until("no warming of the test before goes on", WriterStack.SOON)
                .holds(() -> calls.areAllOver() && !orders().contains("looked"));
        stack.sql("delete from item where id > " + ROWS + " or id < 1");
        try (RedisConnection connection = redis.connect()) {
            for (String pattern :
                    new String[] {"tm:{*", stack.prefix + "*", "started:*", "tm.warming*", "tm.asked*", "dashboard:*"
                    }) {
                connection.scan(pattern, key -> call(connection, "DEL", key));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"database", "kafka"})
    void whatIsAskedForMostComesFirstAndAtTheEndEverythingIsThere(String source) throws Exception {
        // Clients count under what stands before the first colon of a key, which is not the cache's name.
        call("ZADD", "tm.asked:" + stack.prefix, "9", stack.entry(500), "1", stack.entry(3), "99", "unheard:1");
        call("ZADD", "tm.asked:item", "3", stack.entry(4));

        calls.warmed("{\"caches\":[\"item\"],\"limit\":2,\"source\":\"" + source + "\"}");
        assertThat(stack.entries()).containsOnlyKeys(stack.entry(500), stack.entry(4));

        JsonNode job = calls.warmed("{\"caches\":[\"item\"],\"source\":\"" + source + "\"}");
        JsonNode counts = job.path("counts");
        assertThat(counts.path("item.filled").asInt()).isEqualTo(ROWS - 2);
        assertThat(counts.path("item.read_from_database").asInt())
                .as("of " + source)
                .isZero();
        assertEqualToTheDatabase();
    }

    @Test
    void aKindIsEverythingThatPeopleMeanByItCountedByKindAndFirstWithADryRun() throws Exception {
        call("ZADD", "tm.asked:dashboard", "5", "dashboard:7", "4", "dashboard:8");
        call("SADD", "tm.stats-of", "dashboard");
        call("SET", "dashboard:8", "{}");

        JsonNode counted =
                body(calls.post("?dryRun=true", "{\"kinds\":[\"item\",\"dashboard\"],\"source\":\"kafka\"}"), 200);
        assertThat(counted.path("counts").toString()).isEqualTo("{\"item\":" + ROWS + ",\"dashboard\":1}");
        assertThat(stack.entries()).isEmpty();

        JsonNode job = calls.warmed("{\"kinds\":[\"item\",\"dashboard\"]}");
        assertThat(job.path("kinds").path("item").path("filled").asInt()).isEqualTo(ROWS);
        assertThat(job.path("kinds")
                        .path("dashboard")
                        .path("left_to_application")
                        .asInt())
                .isEqualTo(1);
        assertThat(stack.get("dashboard:7")).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"kinds\":[\"prodcts\"]} | nothing is of the kind prodcts | item",
                "{\"caches\":[\"nope\"]} | there is no cache nope | lonely",
                "{\"caches\":[\"lonely\"]} | Kafka has no topic | use the database as the source",
                "{\"source\":\"redis\"} | there is no source redis | use database or kafka",
                "{\"kinds\":[\"item\"],\"caches\":[\"item\"]} | both given | name caches"
            })
    void whatCannotBeMeantIsRefusedInWordsWithARemedy(String wish, String error, String remedy) throws Exception {
        JsonNode refused = body(calls.post("", wish), 400);
        assertThat(refused.path("error").asText()).contains(error);
        assertThat(refused.path("remedy").asText()).contains(remedy);
        assertThat(body(calls.post("?dryRun=true", wish), 400)).isEqualTo(refused);
    }

    @Test
    @Tag("long")
    void aWriterThatIsKilledInTheMiddleGoesOnWhereItWasAndAStartWarmsWhatTheFileSays() throws Exception {
        call("ZADD", "tm.asked:started", "9", "started:500");
        body(calls.post("", "{\"caches\":[\"item\"],\"source\":\"kafka\",\"rate\":250}"), 202);
        Await.until("some rows are warm", WriterStack.SOON)
                .holds(() -> stack.entries().size() > 120);
        stack.writer.kill();
        int before = stack.entries().size();
        assertThat(before).isLessThan(ROWS);

        stack.writer.start();
        JsonNode job = Await.until("the warming goes on and ends", WriterStack.SOON)
                .sees(() -> calls.jobWith("item.resumed"), found -> found.filter(WarmCalls::isOver)
                        .isPresent())
                .orElseThrow();

        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("done");
        JsonNode counts = job.path("counts");
        assertThat(counts.path("item.filled").asInt()).as(job.toString()).isEqualTo(ROWS - before);
        // What was filled after the place was noted last is looked at twice: less than a portion of 200 records.
        assertThat(counts.path("item.were_there").asInt()).as(job.toString()).isLessThanOrEqualTo(200);
        // At the pace that was asked for.
        assertThat(job.path("per_second").asInt()).as(job.toString()).isLessThanOrEqualTo(260);
        assertEqualToTheDatabase();
        awaitWarmedAtTheStart();
    }

    @Test
    void whenRedisLosesItsDataInTheMiddleItBeginsAnew() throws Exception {
        // In the database only, and first: nothing but the warming can bring them again.
        stack.sql("insert into item select -i, 'v0', 1.5, null from generate_series(0, 199) i");
        JsonNode begun = body(calls.post("", "{\"caches\":[\"item\"],\"rate\":500}"), 202);
        Await.until("they are warm", WriterStack.SOON).holds(() -> stack.get(stack.entry(0)) != null);
        call("FLUSHALL");

        JsonNode job = calls.ended(begun.path("href").asText());
        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("done");
        assertThat(job.path("counts").path("item.begun_anew").asInt()).isEqualTo(1);
        for (int id = -199; id <= 0; id++) {
            assertThat(stack.get(stack.entry(id))).contains("\"v0\"");
        }
        Await.until("the changes have come again too", WriterStack.SOON)
                .holds(() -> differences().isEmpty());
    }

    @Test
    @Tag("long")
    void whileRedisIsAwayTheJobSaysSoAndGoesOnByItselfWhenAnEmptyOneIsBack() throws Exception {
        stack.sql("insert into item select -i, 'v0', 1.5, null from generate_series(0, 199) i");
        JsonNode begun = body(calls.post("", "{\"caches\":[\"item\"],\"rate\":500}"), 202);
        Await.until("they are warm", WriterStack.SOON).holds(() -> stack.get(stack.entry(0)) != null);
        redis.kill();
        JsonNode job = calls.ended(begun.path("href").asText());
        assertThat(job.path("state").asText()).isEqualTo("failed");
        assertThat(job.path("error").asText()).contains("Redis did not answer", "goes on by itself");
        redis.start();

        Await.until("everything is there again", Duration.ofSeconds(60))
                .holds(() -> differences().isEmpty());
    }

    @Test
    void whileWritesGoOnNoReaderSeesAnOlderValueNorMissesWhatWasThere() throws Exception {
        calls.warmed("{\"caches\":[\"item\"]}");
        NoStaleOverwrite<Integer> never = new NoStaleOverwrite<>();
        AtomicReference<String> missed = new AtomicReference<>();
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService others = Executors.newFixedThreadPool(2);
        Future<?> reader = others.submit(untilOver(over, connection -> {
            for (int id = 1; id <= ROWS; id += 3) {
                String value = connection.get(stack.entry(id));
                if (value != null) {
                    String number = value.replaceAll("(?s).*\"name\": ?\"v(\\d+)\".*", "$1");
                    never.seen(stack.entry(id), "", Integer.parseInt(number), true, "a read");
                } else if (id > ROWS / 2) {
                    missed.compareAndSet(null, stack.entry(id));
                }
            }
        }));
        // Takes values away, as an expiry does, and leaves fences, so that there is always something to warm.
        Future<?> evictor = others.submit(untilOver(over, connection -> {
            for (int id = 1; id <= ROWS / 2; id++) {
                connection.call("DEL", stack.entry(id));
            }
        }));
        for (int round = 1; round <= 3; round++) {
            stack.sql("update item set name = 'v" + round + "'");
            for (int id = 1; id <= ROWS; id++) {
                stack.send(id, stack.changes.update(id, "v" + round));
            }
            calls.warmed("{\"caches\":[\"item\"],\"restart\":true,\"source\":\""
                    + (round % 2 == 0 ? "kafka" : "database") + "\"}");
        }
        over.set(true);
        reader.get();
        evictor.get();
        others.shutdown();
        stack.awaitApplied();
        calls.warmed("{\"caches\":[\"item\"],\"restart\":true}");

        assertThat(never.violations()).isEmpty();
        assertThat(missed.get()).isNull();
        assertEqualToTheDatabase();
        restore();
    }

    @Test
    void whatIsAskedForIsSortedByTheCachesAndAges() throws Exception {
        call(
                "ZADD",
                "tm.asked:" + stack.prefix,
                "80",
                stack.entry(3),
                "40",
                stack.prefix + ":page:1",
                "1",
                stack.entry(4));
        call("ZADD", "tm.asked:item", "20", stack.entry(3));
        long twoDaysAgo = System.currentTimeMillis() - Duration.ofDays(2).toMillis();
        call("SET", "tm.asked-aged", Long.toString(twoDaysAgo));

        Await.until("they are sorted and a quarter", WriterStack.SOON)
                .holds(() -> Math.abs(score("item", stack.entry(3)) - 25) < 0.5);

        assertThat(score(stack.prefix, stack.prefix + ":page:1")).isCloseTo(10, within(0.5));
        assertThat(call("ZSCORE", "tm.asked:" + stack.prefix, stack.entry(3))).isNull();
        Await.until("what was asked for once long ago is forgotten", WriterStack.SOON)
                .holds(() -> call("ZSCORE", "tm.asked:item", stack.entry(4)) == null);
    }

    /** So many as the file says, with what was asked for most. */
    private static void awaitWarmedAtTheStart() throws IOException {
        Await.until("what the file wants warm at the start is", WriterStack.SOON)
                .holds(() -> count("started:*") == 50);
        assertThat(stack.get("started:500")).contains("\"v0\"");
    }

    private static double score(String name, String key) throws Exception {
        return Double.parseDouble(String.valueOf(call("ZSCORE", "tm.asked:" + name, key)));
    }

    private interface Look {
        void at(RedisConnection connection) throws IOException;
    }

    private static Callable<Void> untilOver(AtomicBoolean over, Look look) {
        return () -> {
            try (RedisConnection connection = redis.connect()) {
                while (!over.get()) {
                    look.at(connection);
                }
            }
            return null;
        };
    }

    /** So that the topic and the database say the same again. */
    private static void restore() throws Exception {
        stack.sql("update item set name = 'v0'");
        for (int id = 1; id <= ROWS; id++) {
            stack.send(id, stack.changes.update(id, "v0"));
        }
        stack.awaitApplied();
    }

    private static void assertEqualToTheDatabase() throws Exception {
        assertThat(differences()).isEmpty();
    }

    private static List<Violation> differences() throws Exception {
        EventuallyEqual equal = new EventuallyEqual();
        stack.entries().forEach(equal::inCache);
        try (var connection = stack.postgres.connect(stack.database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select id, to_jsonb(item) from item")) {
            while (rows.next()) {
                equal.inDatabase(stack.entry(rows.getInt(1)), rows.getString(2));
            }
        }
        assertThat(equal.compared()).isGreaterThanOrEqualTo(ROWS);
        return equal.violations();
    }

    private static int count(String pattern) throws IOException {
        try (RedisConnection connection = redis.connect()) {
            java.util.Set<String> keys = new java.util.HashSet<>();
            connection.scan(pattern, keys::add);
            return keys.size();
        }
    }

    private static String orders() throws IOException {
        return String.valueOf(call("HVALS", "tm.warming"));
    }

    private static Object call(String... command) throws IOException {
        try (RedisConnection connection = redis.connect()) {
            return connection.call(command);
        }
    }

    private static Object call(RedisConnection connection, String... command) {
        try {
            return connection.call(command);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
