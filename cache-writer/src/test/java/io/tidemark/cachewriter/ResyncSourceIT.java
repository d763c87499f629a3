package io.tidemark.cachewriter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.core.change.Version;
import io.tidemark.core.contract.EntryKey;
import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import io.tidemark.testkit.servers.SharedServers;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Resyncs from Kafka, and of chosen entries, on a cache-writer between real servers. */
class ResyncSourceIT {
    private static final String OPERATOR = "operator-token-of-the-tests-01";
    private static final String AHEAD = new Version(1, Long.MAX_VALUE, 0, 1).text();
    private static final String BEHIND = new Version(1, 1, 1, 1).text();
    private static final String FOREIGN = "{\"foreign\":true}";
    private static final int ROWS = 300;
    private static final String CACHES = """
              of-kafka:
                table: public.item
                key: "kept:{id}"
                ttl: 2h
                resync: {interval: 1h, source: kafka}
              page:
                query: select id, upper(name) as name from item
                key: "page:{id}"
                depends: {public.item: "{id}"}
              index:
                table: public.item
                index: items:index
                member: "{id}"
                score: id
              timed: {table: public.item, key: "timed:{id}", resync: {interval: 12h, strategy: time}}
              pair: {table: public.pair, key: "pair:{a}:{b}"}
              lone: {table: public.lone, key: "lone:{id}"}
            """;

    @TempDir
    private static Path directory;

    private static EmbeddedRedis redis;
    private static WriterStack stack;
    private static ResyncCalls calls;

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
        calls = new ResyncCalls(stack, OPERATOR);
        // Its topic is never made.
        stack.sql("create table pair (a int, b int, primary key (a, b))");
        stack.sql("create table lone (id int primary key)");
        stack.newTopic("lone");
        for (String name : new String[] {"older", "n"}) {
            for (int id = 1; id <= ROWS; id++) {
                stack.send(id, stack.changes.update(id, name + id));
            }
        }
        stack.sql("insert into item select i, 'n' || i, 1.50, null from generate_series(1, " + ROWS + ") i");
        stack.start();
        stack.awaitApplied();
        Await.until("the timed cache had its resync at the start", WriterStack.SOON)
                .holds(() -> !calls.lastSync("timed").isEmpty());
    }

    @AfterAll
    static void stop() {
        stack.close();
        redis.kill();
    }

    /** Each with the version of its change, as if nothing had ever been read from the database. */
    private static void everyEntryIsOfItsChange() throws Exception {
        stack.sql("update item set name = 'n' || id where name <> 'n' || id");
        List<String> delete = new ArrayList<>(List.of("DEL"));
        try (RedisConnection connection = redis.connect()) {
            for (String pattern : List.of(stack.prefix + ":item:*", "kept:*", "tm:{*")) {
                connection.scan(pattern, delete::add);
            }
        }
        call(delete.toArray(String[]::new));
        calls.resync("{\"caches\":[\"item\",\"of-kafka\"],\"force\":true,\"source\":\"kafka\"}");
        assertEveryEntryIsRight();
    }

    @Test
    void whatIsWrongOrMissingIsBroughtBackWhileNobodyCanReadTheTable() throws Exception {
        everyEntryIsOfItsChange();
        String before = calls.lastSync("item");
        call("SET", stack.entry(1), FOREIGN);
        call("DEL", stack.entry(2));
        call("DEL", stack.entry(3), EntryKey.metaOf(stack.entry(3)));
        calls.plant(4, BEHIND, FOREIGN);
        call("DEL", stack.entry(5));
        call("HSET", stack.entry(5), "a", "hash");
        call("DEL", "kept:6");
        call("PEXPIRE", "kept:7", "50000");

        JsonNode item;
        JsonNode kept;
        try (Connection connection = stack.postgres.connect(stack.database);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table item in access exclusive mode");
            item = calls.one("{\"caches\":[\"item\"],\"force\":true,\"source\":\"kafka\"}");
            kept = calls.one("{\"caches\":[\"of-kafka\"],\"force\":true}");

            // What reads the table is held up by the lock, or this test could not fail.
            String href = calls.begun("{\"caches\":[\"item\"],\"force\":true,\"source\":\"database\"}");
            Await.until("the database's resync waits for the table", WriterStack.SOON)
                    .holds(calls::isSomebodyWaiting);
            connection.rollback();
            assertThat(calls.ended(href).path("state").asText()).isEqualTo("done");
        }

        assertThat(item.path("outcome").asText()).as(item.toString()).isEqualTo("resynced");
        assertThat(item.path("success").asBoolean()).isTrue();
        assertThat(item.path("source").asText()).isEqualTo("kafka");
        assertThat(item.path("product_count").asInt()).isEqualTo(ROWS);
        assertThat(item.path("written").asInt()).as(item.toString()).isEqualTo(5);
        assertThat(item.path("removed").asInt()).isZero();
        assertThat(item.path("rows_asked").asInt()).isZero();
        assertThat(item.path("note").asText()).contains("no topic has", "from the database");
        assertThat(item.path("last_sync").asText()).isGreaterThan(before);
        assertEveryEntryIsRight();
        assertThat(kept.path("source").asText()).as("as the file says").isEqualTo("kafka");
        assertThat(kept.path("written").asInt()).isEqualTo(1);
        assertThat(kept.path("rows_asked").asInt()).isZero();
        assertThat(stack.get("kept:6")).contains("\"n6\"");
        assertThat((long) call("PTTL", "kept:7")).isGreaterThan(3_000_000);
        JsonNode state = calls.get("of-kafka?count=false");
        assertThat(state.path("source").asText()).isEqualTo("kafka");
        assertThat(state.path("exists").isNull()).isTrue();
        assertThat(state.path("product_count").asInt()).isEqualTo(ROWS);
        assertThat(state.path("last_resync").path("source").asText()).isEqualTo("kafka");
    }

    @Test
    void whatIsNewerStaysAndWithoutTheFenceThatIsNoticed() throws Exception {
        everyEntryIsOfItsChange();
        assertThat(isTakenBack()).isFalse();
        String text = FunctionLibrary.load().text();
        String refuses = "if fence and version <= fence then\n    return 'older'";
        assertThat(text).contains(refuses);
        try {
            call("FUNCTION", "LOAD", "REPLACE", text.replace(refuses, "if false then\n    return 'older'"));
            assertThat(isTakenBack()).isTrue();
        } finally {
            call("FUNCTION", "LOAD", "REPLACE", text);
            call("DEL", stack.entry(10), EntryKey.metaOf(stack.entry(10)));
        }
    }

    private static boolean isTakenBack() throws Exception {
        calls.plant(10, AHEAD, "{\"newer\":true}");
        calls.resync("{\"caches\":[\"item\"],\"force\":true,\"source\":\"kafka\"}");
        return !String.valueOf(stack.get(stack.entry(10))).contains("newer");
    }

    @Test
    void aRowThatChangedInAGapIsNotFoundAndNotLostWhereTheDatabaseHasSaidIt() throws Exception {
        everyEntryIsOfItsChange();
        stack.sql("update item set name = 'gap' where id in (11, 12)");
        calls.resync("{\"caches\":[\"item\"],\"keys\":[\"" + stack.entry(11) + "\"]}");
        assertThat(stack.get(stack.entry(11))).contains("\"gap\"");

        JsonNode item = calls.one("{\"caches\":[\"item\"],\"force\":true,\"source\":\"kafka\"}");
        assertThat(stack.get(stack.entry(11))).contains("\"gap\"");
        assertThat(stack.get(stack.entry(12))).as("in no topic").contains("\"n12\"");
        assertThat(item.path("rows_asked").asInt()).as(item.toString()).isPositive();

        call("SET", stack.entry(11), FOREIGN);
        calls.resync("{\"caches\":[\"item\"],\"force\":true,\"source\":\"kafka\"}");
        assertThat(stack.get(stack.entry(11))).contains("\"gap\"");
        assertThat(calls.one("{\"caches\":[\"item\"],\"force\":true,\"source\":\"database\"}")
                        .path("written")
                        .asInt())
                .isEqualTo(1);
        assertThat(stack.get(stack.entry(12))).contains("\"gap\"");
    }

    @Test
    void ofEntriesWithoutARecordTheDatabaseSaysWhetherTheyGo() throws Exception {
        everyEntryIsOfItsChange();
        stack.sql("insert into item values (900002, 'n900002', 1.50, null)");
        try {
            calls.resync("{\"caches\":[\"item\"],\"keys\":[\"" + stack.entry(900_002) + "\"]}");
            call("SET", stack.entry(900_001), FOREIGN);

            JsonNode item = calls.one("{\"caches\":[\"item\"],\"force\":true,\"source\":\"kafka\"}");

            assertThat(item.path("removed").asInt()).as(item.toString()).isEqualTo(1);
            assertThat(item.path("written").asInt()).isZero();
            assertThat(item.path("rows_asked").asInt()).isEqualTo(2);
            assertThat(stack.get(stack.entry(900_001))).isNull();
            assertThat(stack.get(stack.entry(900_002))).contains("n900002");
        } finally {
            stack.sql("delete from item where id = 900002");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"database", "kafka"})
    void chosenEntriesAloneAreResyncedAndTheLastSyncStays(String source) throws Exception {
        everyEntryIsOfItsChange();
        String before = calls.lastSync("item");
        for (int id : new int[] {20, 21, 22, 199, 200}) {
            call("SET", stack.entry(id), FOREIGN);
        }
        call("SET", stack.entry(ROWS + 50), FOREIGN);
        call("SET", stack.entry(900_001), FOREIGN);

        JsonNode keys = calls.one("{\"caches\":[\"item\"],\"source\":\"" + source + "\",\"keys\":[\""
                + stack.entry(20) + "\",\"" + stack.entry(20) + "\",\"" + stack.entry(23) + "\",\""
                + stack.entry(800_000)
                + "\"]}");
        assertThat(keys.path("outcome").asText()).as(keys.toString()).isEqualTo("resynced");
        assertThat(keys.path("source").asText()).isEqualTo(source);
        assertThat(keys.path("product_count").asInt()).isEqualTo(2);
        assertThat(keys.path("written").asInt()).isEqualTo(1);
        assertThat(keys.path("removed").asInt()).isZero();
        assertThat(keys.path("last_sync").asText()).isEqualTo(before);
        assertThat(stack.get(stack.entry(20))).contains("\"n20\"");
        assertThat(stack.get(stack.entry(21))).isEqualTo(FOREIGN);

        JsonNode rows = calls.one("{\"caches\":[\"item\"],\"source\":\"" + source + "\",\"rows\":\"22..199\"}");
        assertThat(rows.path("part").asText()).isEqualTo("rows 22..199");
        assertThat(rows.path("product_count").asInt()).as(rows.toString()).isEqualTo(178);
        assertThat(rows.path("written").asInt()).isEqualTo(2);
        assertThat(rows.path("removed").asInt()).isZero();
        assertThat(stack.get(stack.entry(21))).isEqualTo(FOREIGN);
        assertThat(stack.get(stack.entry(200))).isEqualTo(FOREIGN);
        assertThat(stack.get(stack.entry(ROWS + 50))).isEqualTo(FOREIGN);

        rows = calls.one("{\"caches\":[\"item\"],\"source\":\"" + source + "\",\"rows\":\"200..1000\"}");
        assertThat(rows.path("written").asInt()).as(rows.toString()).isEqualTo(1);
        assertThat(rows.path("removed").asInt()).isEqualTo(1);
        assertThat(stack.get(stack.entry(ROWS + 50))).isNull();
        assertThat(stack.get(stack.entry(900_001))).as("outside").isEqualTo(FOREIGN);
        assertThat(calls.lastSync("item")).isEqualTo(before);
    }

    @Test
    void anEntryOfAQueryIsReadAloneToo() throws Exception {
        calls.resync("{\"caches\":[\"page\"],\"force\":true}");
        String before = calls.lastSync("page");
        call("SET", "page:7", FOREIGN);
        call("SET", "page:8", FOREIGN);
        call("SET", "page:9000", FOREIGN);

        JsonNode page = calls.one("{\"caches\":[\"page\"],\"keys\":[\"page:7\",\"page:9000\"]}");

        assertThat(page.path("written").asInt()).as(page.toString()).isEqualTo(1);
        assertThat(page.path("removed").asInt()).isEqualTo(1);
        assertThat(stack.get("page:7")).contains("\"N7\"");
        assertThat(stack.get("page:8")).isEqualTo(FOREIGN);
        assertThat(stack.get("page:9000")).isNull();
        assertThat(calls.lastSync("page")).isEqualTo(before);
    }

    @Test
    void withoutNamesWhatHasNoTopicIsSkippedOrSaidAndTheOthersAreResynced() throws Exception {
        call("SET", stack.entry(1), FOREIGN);
        String before = calls.lastSync("page");

        JsonNode job = calls.resync("{\"force\":true,\"source\":\"kafka\"}");

        for (String told : List.of(
                "item=resynced",
                "of-kafka=resynced",
                "page=skipped",
                "index=skipped",
                "timed=skipped",
                "pair=failed")) {
            assertThat(job.path("caches").toString())
                    .contains("{\"cache\":\"" + told.replace("=", "\",\"outcome\":\"") + "\"");
        }
        assertThat(job.path("error").asText()).contains("Kafka has no topic");
        assertThat(stack.get(stack.entry(1))).contains("\"n1\"");
        assertThat(calls.lastSync("page")).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'caches':['nope'],'keys':['x'] | there is no cache nope",
                "'keys':['P1'] | of one cache, found 0 caches",
                "'caches':['item','page'],'rows':'1..2' | of one cache, found 2 caches",
                "'caches':['item'],'keys':['page:3'] | the key page:3 is of cache page, not of item",
                "'caches':['item'],'keys':['strange'] | of no cache of the pipeline file",
                "'caches':['item'],'keys':['Pabc'] | id is integer, found \"abc\"",
                "'caches':['item'],'keys':['P007'] | id is integer, found \"007\"",
                "'caches':['item'],'keys':[],'force':true | at least one",
                "'caches':['item'],'keys':['P1'],'rows':'1..2' | both given",
                "'caches':['item'],'rows':'9..3' | backwards",
                "'caches':['item'],'rows':'a..b' | a range of whole numbers",
                "'caches':['item'],'rows':'5' | a range of whole numbers",
                "'caches':['item'],'rows':'1..99999999999' | is no value of id",
                "'caches':['item'],'rows':'1..99999999999999999999' | whole numbers",
                "'caches':['pair'],'rows':'1..2' | one column of whole numbers",
                "'caches':['page'],'rows':'1..2' | read by a query",
                "'caches':['page'],'keys':['page:abc'] | there can be no entry page:abc",
                "'caches':['index'],'keys':['items:index'] | one sorted set",
                "'caches':['page'],'source':'kafka','force':true | read by a query",
                "'caches':['timed'],'source':'kafka','force':true | resync strategy is time",
                "'caches':['pair'],'source':'kafka','force':true | Kafka has no topic",
                "'caches':['item'],'source':'redis','force':true | there is no source redis",
            })
    void whatCannotBeMeantIsRefusedInWordsAndNothingChanges(String wish, String error) throws Exception {
        call("SET", stack.entry(1), FOREIGN);
        String before = calls.lastSync("item");
        String json = "{" + wish.replace("'P", "'" + stack.prefix + ":item:").replace('\'', '"') + "}";

        JsonNode refused = calls.refused(json);

        assertThat(refused.path("error").asText()).contains(error);
        assertThat(refused.path("remedy").asText()).isNotEmpty();
        assertThat(stack.get(stack.entry(1))).isEqualTo(FOREIGN);
        assertThat(calls.lastSync("item")).isEqualTo(before);
    }

    @Test
    void whatChangesWhileTheTopicIsReadIsTakenAsItIsAfterwards() throws Exception {
        everyEntryIsOfItsChange();
        String href = calls.begun("{\"caches\":[\"item\"],\"force\":true,\"source\":\"kafka\",\"rate\":150}");
        Await.until("some is read", WriterStack.SOON).holds(() -> calls.lookedAt(href) > 0);
        stack.send(100, stack.changes.delete());
        stack.send(100, (byte[]) null);
        stack.send(101, stack.changes.update(101, "later"));
        stack.awaitApplied();

        JsonNode job = calls.ended(href);

        assertThat(job.path("state").asText()).as(job.toString()).isEqualTo("done");
        assertThat(stack.get(stack.entry(100))).isNull();
        assertThat(stack.get(stack.entry(101))).contains("\"later\"");
        for (int id : new int[] {100, 101}) {
            stack.send(id, stack.changes.update(id, "n" + id));
        }
        stack.awaitApplied();
    }

    @Test
    void anEmptyTopicIsNotTakenForATableWithoutRows() throws Exception {
        String wish = "{\"caches\":[\"lone\"],\"force\":true,\"source\":\"kafka\"}";
        assertThat(calls.one(wish).path("success").asBoolean()).isTrue();
        call("SET", "lone:1", FOREIGN);

        JsonNode lone = calls.one(wish);

        assertThat(lone.path("outcome").asText()).isEqualTo("failed");
        assertThat(lone.path("error").asText()).contains("public.lone holds no record");
        assertThat(stack.get("lone:1")).isEqualTo(FOREIGN);
        call("DEL", "lone:1");
    }

    private static void assertEveryEntryIsRight() throws Exception {
        Map<String, String> entries = stack.entries();
        assertThat(entries).hasSize(ROWS);
        for (int id = 1; id <= ROWS; id++) {
            assertThat(entries.get(stack.entry(id))).contains("\"n" + id + "\"");
        }
    }

    private static Object call(String... command) throws IOException {
        try (RedisConnection connection = redis.connect()) {
            return connection.call(command);
        }
    }
}
