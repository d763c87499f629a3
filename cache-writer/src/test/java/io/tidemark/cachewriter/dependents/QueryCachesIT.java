package io.tidemark.cachewriter.dependents;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.contract.FunctionLibrary;
import io.tidemark.testkit.await.Await;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries that are read from the database follow the changes of every table that they show. */
class QueryCachesIT {
    private static final String CACHES = """
            page:
              query: >-
                select p.id, p.name, p.stock, c.name as category, d.name as department,
                       1 / (case when p.name = 'broken' then 0 else 1 end) as fine
                  from product p join category c on c.id = p.category_id left join department d on d.id = c.department_id
              key: "page:{id}"
              depends:
                public.product: "{id}"
                public.category: {via: public.product, where: "category_id = :id"}
                public.department: {via: public.category, where: "department_id = :id"}
            gated:
              query: select id, name, gate() as gate from product where id < 1000
              key: "gated:{id}"
              depends: {public.product: "{id}"}
            shelf:
              query: select category_id, jsonb_agg(name order by id) as names from product group by category_id
              key: "shelf:{category_id}"
              depends: {public.product: "{category_id}"}
            list:
              query: select id, name from product order by id
              key: the_list
              depends: [public.product, public.category]
              refresh: {every: 300ms}
              limit: {rows: 20000}
              stamp: last_sync
            index:
              table: public.product
              index: the_index
              member: "{id}"
              score: stock
            slug:
              table: public.product
              keys: "slug:{slugs.key}:{slugs.value}"
              fields: [id, name]
            """;

    @TempDir
    private static Path directory;

    private static QueryStack stack;

    @BeforeAll
    static void start() throws Exception {
        stack = new QueryStack(directory, CACHES);
        stack.sql("""
                insert into department values (1, 'Food'), (2, 'Drinks');
                insert into category values (1, 1, 'Bread'), (2, 2, 'Tea'), (9, 1, 'Many');
                insert into product values (1, 1, 'Loaf', '{"en":"loaf","fr":"pain"}', 10), (2, 2, 'Green', '{"en":"green"}', 20);
                insert into product select i, 9, 'P' || i, null, 1 from generate_series(100001, 110000) i;
                """);
        stack.writer.start();
        Await.until("the first fill", QueryStack.SOON)
                .holds(() -> stack.keys("page:*").size() == 10_002);
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void whatIsInTheDatabaseIsThereFromTheStart() throws Exception {
        stack.awaitEntry("page:1", "Loaf");
        assertThat(stack.get("page:1")).contains("\"category\": \"Bread\"", "\"department\": \"Food\"");
        stack.awaitEntry("shelf:1", "Loaf");
        stack.awaitEntry("the_list", "Loaf");
        Await.until("the index", QueryStack.SOON).holds(() -> stack.one("select count(*) from product")
                .equals(String.valueOf(stack.redis("ZCARD", "the_index"))));
        stack.awaitEntry("slug:fr:pain", "Loaf");
    }

    @Test
    void renamedCategoryRefreshesItsTenThousandProducts() throws Exception {
        for (String cache : List.of("page", "gated", "shelf", "list", "index", "slug")) {
            stack.awaitDone(cache);
        }
        long began = System.nanoTime();
        stack.change("u", "category", "update category set name = 'Renamed' where id = 9", 9);
        Await.until("the last is renamed", QueryStack.SOON).holds(() -> {
            stack.redis("PING");
            return stack.get("page:110000").contains("Renamed")
                    && stack.redis("ZCARD", "tm.due:{page}").equals(0L);
        });
        System.out.println(
                "10,000 dependents of one category refreshed in " + (System.nanoTime() - began) / 1_000_000 + " ms");
        for (int id = 100_001; id <= 110_000; id += 97) {
            assertThat(stack.get("page:" + id)).contains("Renamed");
        }
    }

    @Test
    void changeTwoLevelsUpReachesTheEntry() throws Exception {
        stack.change("u", "department", "update department set name = 'Hot drinks' where id = 2", 2);
        stack.awaitEntry("page:2", "Hot drinks");
    }

    @Test
    void rowThatMovesLeavesTheEntryThatShowedItAndJoinsTheOther() throws Exception {
        stack.change("c", "product", "insert into product values (30, 1, 'Mover', null, 3)", 30);
        stack.awaitEntry("shelf:1", "Mover");
        stack.change("u", "product", "update product set category_id = 2 where id = 30", 30);
        stack.awaitEntry("shelf:2", "Mover");
        Await.until("it has left", QueryStack.SOON)
                .holds(() -> !stack.get("shelf:1").contains("Mover"));
        stack.change("d", "product", "delete from product where id = 30", 30);
        Await.until("it is gone", QueryStack.SOON)
                .holds(() -> !stack.get("shelf:2").contains("Mover"));
        stack.awaitEntry("page:30", null);
    }

    @Test
    void failingQueryTakesItsEntryAwayAndNoOther() throws Exception {
        stack.sql("insert into product values (40, 1, 'good', null, 1), (41, 1, 'fine', null, 1)");
        stack.send("c", "product", 40);
        stack.send("c", "product", 41);
        stack.awaitEntry("page:40", "good");
        stack.sql("update product set name = 'broken' where id = 40; update product set name = 'better' where id = 41");
        stack.send("u", "product", 40);
        stack.send("u", "product", 41);
        stack.awaitEntry("page:41", "better");
        stack.awaitEntry("page:40", null);
        assertThat(stack.writer.get("/api/queries").body())
                .contains("division by zero")
                .doesNotContain("broken");
        stack.change("u", "product", "update product set name = 'mended' where id = 40", 40);
        stack.awaitEntry("page:40", "mended");
    }

    @Test
    void changeDuringTheReadIsNotLost() throws Exception {
        assertThat(afterAChangeDuringTheRead(50)).contains("after");
    }

    /** With the second mark forgotten, what was read before it stays: the test above would be red. */
    @Test
    void markForgottenDuringTheReadIsFoundWhenItIsPlanted() throws Exception {
        planted(
                "if (redis.call('HGET', counts_key, args[i]) or '0') == args[i + 1] then",
                "if true then",
                () -> assertThat(afterAChangeDuringTheRead(51)).contains("between"));
        stack.send("u", "product", 51);
        stack.awaitEntry("gated:51", "after");
    }

    private static String afterAChangeDuringTheRead(int id) throws Exception {
        return whenReadWhile(id, () -> {
            stack.change("u", "product", "update product set name = 'after' where id = " + id, id);
            stack.awaitCommitted();
        });
    }

    @Test
    void readThatAnotherWriterHasOvertakenIsNotWritten() throws Exception {
        assertThat(afterAnotherWriterTookTheLease(52)).contains("after");
    }

    /** With fills that ask for no lease, the older read stays: the test above would be red. */
    @Test
    void refreshWithoutItsLeaseIsFoundWhenItIsPlanted() throws Exception {
        planted("if not meta[1] or live_token(meta[2], now) ~= token then", "if not meta[1] then", () -> assertThat(
                        afterAnotherWriterTookTheLease(53))
                .contains("between"));
        stack.send("u", "product", 53);
        stack.awaitEntry("gated:53", "after");
    }

    /** The other writer's turn begins when this one's seems over: it leases the entry too, and reads what is there by then. */
    private static String afterAnotherWriterTookTheLease(int id) throws Exception {
        return whenReadWhile(id, () -> {
            String key = "gated:" + id;
            stack.redis("FCALL", "tm_row_lease", "2", key, "tm:{" + key + "}", "other", "30000", "60000", "take");
            stack.sql("update product set name = 'after' where id = " + id);
        });
    }

    /** What an entry is in the end, when something happens while the product called 'between' is read for it. */
    private static String whenReadWhile(int id, Happening happening) throws Exception {
        stack.change("c", "product", "insert into product values (" + id + ", 1, 'before', null, 1)", id);
        stack.awaitEntry("gated:" + id, "before");
        stack.awaitDone("gated");
        try (Connection gate = stack.connect();
                Statement statement = gate.createStatement()) {
            statement.execute("select pg_advisory_lock(77)");
            stack.change("u", "product", "update product set name = 'between' where id = " + id, id);
            Await.until("the read has begun", QueryStack.SOON).holds(() -> !"0"
                    .equals(stack.one("select count(*) from pg_locks where locktype = 'advisory' and not granted")));
            happening.happen();
            statement.execute("select pg_advisory_unlock(77)");
        }
        stack.awaitDone("gated");
        return stack.get("gated:" + id);
    }

    /** Something that may fail. */
    private interface Happening {
        void happen() throws Exception;
    }

    /** Does something with a bug in Redis' library, and takes the bug out again. */
    private static void planted(String right, String wrong, Happening happening) throws Exception {
        String text = FunctionLibrary.load().text();
        assertThat(text).contains(right);
        stack.redis("FUNCTION", "LOAD", "REPLACE", text.replace(right, wrong));
        try {
            happening.happen();
        } finally {
            stack.redis("FUNCTION", "LOAD", "REPLACE", text);
        }
    }

    @Test
    void killBetweenMarkAndReadLosesNothing() throws Exception {
        stack.change("c", "product", "insert into product values (60, 1, 'before', null, 1)", 60);
        stack.awaitEntry("gated:60", "before");
        try (Connection gate = stack.connect();
                Statement statement = gate.createStatement()) {
            statement.execute("select pg_advisory_lock(77)");
            stack.change("u", "product", "update product set name = 'after' where id = 60", 60);
            stack.awaitCommitted();
            stack.writer.process().kill();
            assertThat(stack.get("gated:60")).contains("before");
        }
        stack.writer.start();
        stack.awaitEntry("gated:60", "after");
    }

    @Test
    void listIsRebuiltWholeAndStamped() throws Exception {
        stack.change("c", "product", "insert into product values (70, 1, 'Listed', null, 1)", 70);
        stack.awaitEntry("the_list", "Listed");
        stack.change("d", "product", "delete from product where id = 70", 70);
        Await.until("it is off the list", QueryStack.SOON)
                .holds(() -> !stack.get("the_list").contains("Listed"));
        assertThat(stack.get("last_sync")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    }

    @Test
    void indexFollowsSingleChanges() throws Exception {
        stack.change("c", "product", "insert into product values (80, 1, 'Indexed', null, 42)", 80);
        Await.until("it has its score", QueryStack.SOON)
                .holds(() -> "42".equals(stack.redis("ZSCORE", "the_index", "80")));
        stack.change("u", "product", "update product set stock = 41 where id = 80", 80);
        Await.until("it has the other", QueryStack.SOON)
                .holds(() -> "41".equals(stack.redis("ZSCORE", "the_index", "80")));
        stack.change("d", "product", "delete from product where id = 80", 80);
        Await.until("it is gone", QueryStack.SOON).holds(() -> stack.redis("ZSCORE", "the_index", "80") == null);
    }

    @Test
    void keysOfLanguagesComeAndGoAndAreSwapped() throws Exception {
        stack.change("c", "product", "insert into product values (90, 1, 'One', '{\"en\":\"a\",\"nl\":\"b\"}', 1)", 90);
        stack.change("c", "product", "insert into product values (91, 1, 'Two', '{\"en\":\"c\"}', 1)", 91);
        stack.awaitEntry("slug:en:a", "One");
        stack.awaitEntry("slug:nl:b", "One");
        stack.awaitEntry("slug:en:c", "Two");

        stack.change("u", "product", "update product set slugs = '{\"en\":\"a\"}' where id = 90", 90);
        stack.awaitEntry("slug:nl:b", null);

        stack.sql(
                "update product set slugs = case id when 90 then '{\"en\":\"c\"}'::jsonb else '{\"en\":\"a\"}' end where id in (90, 91)");
        stack.send("u", "product", 90);
        stack.send("u", "product", 91);
        stack.awaitEntry("slug:en:a", "Two");
        stack.awaitEntry("slug:en:c", "One");

        stack.change("d", "product", "delete from product where id = 90", 90);
        stack.awaitEntry("slug:en:c", null);
        assertThat(stack.get("slug:en:a")).contains("Two");
    }

    @Test
    void manyChangesOfOneRowCauseFewReads() throws Exception {
        stack.change("c", "product", "insert into product values (95, 1, 'v0', null, 1)", 95);
        stack.awaitEntry("page:95", "v0");
        stack.awaitDone("page");
        long before = queriesOf("page");
        stack.sql("update product set name = 'v300' where id = 95");
        stack.send("u", "product", 95, 2_000);
        stack.awaitCommitted();
        stack.awaitEntry("page:95", "v300");
        assertThat(queriesOf("page") - before).isLessThan(100);
    }

    private static long queriesOf(String cache) throws Exception {
        String body = stack.writer.get("/api/queries").body();
        return new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(body)
                .at("/caches/" + cache + "/queries")
                .asLong();
    }

    @Test
    void emptiedRedisIsFilledAgain() throws Exception {
        stack.redis("FLUSHALL");
        stack.awaitEntry("page:1", "Loaf");
        stack.awaitEntry("slug:fr:pain", "Loaf");
        Await.until("all is there", QueryStack.SOON)
                .holds(() -> stack.keys("page:1*").size() > 10_000);
        assertThat(List.of("the_list", "shelf:1")).allSatisfy(key -> stack.awaitEntry(key, "Loaf"));
    }
}
