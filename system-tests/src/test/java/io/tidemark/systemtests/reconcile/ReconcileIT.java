package io.tidemark.systemtests.reconcile;

import static io.tidemark.systemtests.reconcile.ReconcilerCalls.causes;
import static io.tidemark.systemtests.reconcile.ReconcilerCalls.count;
import static io.tidemark.systemtests.reconcile.ReconcilerCalls.drift;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.systemtests.product.DirectProduct;
import io.tidemark.systemtests.product.Product;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.service.ServiceProcess;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Drift of each kind and cause on the running product: found, named and repaired; none invented, and nothing else written. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReconcileIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path directory;

    private DirectProduct product;
    private Items items;
    private RedisConnection redis;
    private ReconcilerCalls reconciler;
    private Path pipeline;

    @BeforeAll
    void start() throws Exception {
        product = DirectProduct.startServers(directory);
        items = new Items(product);
        items.create();
        pipeline = Items.pipeline(directory);
        product.startServices(pipeline, ReconcilerCalls.TOKENS);
        redis = product.redis();
        reconciler = new ReconcilerCalls(((ServiceProcess) product.part(Product.RECONCILER)).url());
        Await.until("the caches are filled", LIMIT)
                .holds(() -> items.wrong().isEmpty() && redis.get("named:item-99") != null);
    }

    @AfterAll
    void stop() throws Exception {
        if (redis != null) {
            redis.close();
        }
        product.close();
    }

    @Test
    @Order(1)
    void drift_of_each_cause_is_found_named_and_repaired_and_nothing_else_is_written() throws Exception {
        Planting plant = new Planting(product, redis);
        plant.redis("SET", "item:1", "{\"id\": 1, \"name\": \"hunter2\", \"stock\": 1}");
        plant.redis("DEL", "item:2");
        plant.redis("DEL", "item:3", "tm:{item:3}");
        plant.redis("DEL", "item:4");
        plant.redis("LPUSH", "item:4", "x");
        plant.redis("DEL", "tm:{item:5}");
        plant.redis("SET", "item:7", "{\"id\": 7, \"name\": \"item-7\"}");
        plant.redis("PEXPIRE", "tm:{item:8}", "60000000");
        plant.redis("DEL", "item:8");
        plant.fenceFarAhead(9, "{\"id\": 9, \"name\": \"item-9\", \"stock\": -1}");
        plant.recordThatTheDatabaseNeverHad(10, -10);
        plant.poison(11);
        plant.redis("SET", "item:99999", "{}");
        plant.redis("SET", "brief:12", "{\"id\": 12, \"name\": \"\"}", "KEEPTTL");
        plant.redis("SET", "brief:13", "{\"id\": 13, \"name\": \"\"}");
        Await.until("the forged records have arrived", LIMIT)
                .holds(() -> redis.get("item:10").contains(":-10") && metric("tidemark_dead_letters") >= 1);
        // cache-writer reads such a row from the database. As it is when that is away: invalidated, with the fence it
        // had.
        plant.redis("HDEL", "tm:{item:11}", "h");
        plant.redis("DEL", "item:11");
        double before = repaired();

        JsonNode looked = reconciler.reconciled("{\"checkOnly\": true}");
        assertThat(items.wrong()).hasSize(10);
        assertThat(repaired()).isEqualTo(before);
        JsonNode run = reconciler.reconciled("");

        assertThat(causes(run, "item"))
                .isEqualTo(causes(looked, "item"))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("item:1", "foreign_write"),
                        Map.entry("item:2", "foreign_delete"),
                        Map.entry("item:3", "foreign_delete"),
                        Map.entry("item:4", "foreign_write"),
                        Map.entry("item:5", "foreign_delete"),
                        Map.entry("item:7", "rule_changed"),
                        Map.entry("item:8", "expired"),
                        Map.entry("item:9", "refused_as_older"),
                        Map.entry("item:10", "not_in_stream"),
                        Map.entry("item:11", "dead_letter"),
                        Map.entry("item:99999", "foreign_write")));
        assertThat(causes(run, "brief")).isEqualTo(Map.of("brief:12", "foreign_write", "brief:13", "foreign_write"));
        assertThat(run.toString()).doesNotContain("hunter2");
        assertThat(items.wrong()).as("by the judge").isEmpty();
        for (String cache : new String[] {"item", "brief"}) {
            assertThat(count(run, cache, "repairsAsked")).isEqualTo(drift(run, cache));
            assertThat(count(run, cache, "repaired")).as(run.toString()).isEqualTo(drift(run, cache));
        }
        assertThat(repaired() - before).as("only what drifted was written").isEqualTo(13);
        assertThat(drift(reconciler.reconciled("{\"checkOnly\": true}"), "item"))
                .isZero();
    }

    @Test
    @Order(2)
    void what_a_query_gives_is_repaired_by_being_read_again() throws Exception {
        Await.until("nothing is due to be read", LIMIT)
                .holds(() -> Long.valueOf(0).equals(redis.call("ZCARD", "tm.due:{named}")));
        redis.call("SET", "named:item-14", "{}");
        redis.call("SET", "named:nobody", "{}");

        JsonNode run = reconciler.reconciled("{\"caches\": [\"named\"]}");

        assertThat(causes(run, "named").keySet()).containsExactly("named:item-14", "named:nobody");
        assertThat(count(run, "named", "repaired")).as(run.toString()).isEqualTo(2);
        assertThat(redis.get("named:nobody")).isNull();
        assertThat(redis.get("named:item-14")).contains("item-14");
    }

    @Test
    @Order(2)
    void what_cannot_be_done_is_refused_with_the_field_and_what_to_do() throws Exception {
        assertThat(reconciler.send("POST", "/api/reconcile", "", "").statusCode())
                .isEqualTo(401);
        assertThat(reconciler.send("GET", "/api/reconcile", "", "").statusCode())
                .isEqualTo(401);
        assertThat(reconciler
                        .send("POST", "/api/reconcile", ReconcilerCalls.VIEWER, "")
                        .statusCode())
                .isEqualTo(403);
        assertThat(reconciler
                        .send("GET", "/api/reconcile", ReconcilerCalls.VIEWER, "")
                        .statusCode())
                .isEqualTo(200);
        refused(404, "caches", "did you mean item?", "{\"caches\": [\"itme\"]}");
        refused(404, "models", "did you mean item?", "{\"models\": [\"itme\"]}");
        refused(400, "batchSize", "from 1 to 10000", "{\"batchSize\": 0}");
        refused(400, "batchSize", "from 1 to 10000", "{\"batchSize\": 10001}");
        refused(400, "maxInstances", "from 1", "{\"maxInstances\": -1}");
        refused(400, "force", "leave one of them out", "{\"force\": true, \"checkOnly\": true}");
        refused(400, "btachSize", "did you mean batchSize?", "{\"btachSize\": 5}");
        refused(400, "body", "expected JSON", "{");
        assertThat(reconciler.get("/api/reconcile/none").statusCode()).isEqualTo(404);
        assertThat(reconciler.get("/api/freshness/wait?lsn=x").statusCode()).isEqualTo(400);
        assertThat(reconciler.get("/api/freshness/wait?lsn=0/1&timeout=2h").statusCode())
                .isEqualTo(400);
    }

    private void refused(int status, String field, String words, String body) throws Exception {
        HttpResponse<String> answer = reconciler.post("/api/reconcile", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(Items.json(answer.body()).get("field").asText()).isEqualTo(field);
        assertThat(answer.body()).contains(words);
    }

    @Test
    @Order(3)
    void a_run_is_bounded_paused_resumed_cancelled_and_says_what_it_did_not_see() throws Exception {
        redis.call("DEL", "item:" + Items.ROWS);
        JsonNode bounded = reconciler.reconciled("{\"models\": [\"item\"], \"maxInstances\": 30, \"batchSize\": 7}");
        assertThat(count(bounded, "item", "rows")).isEqualTo(30);
        assertThat(bounded.path("result").path("item").path("complete").asBoolean())
                .isFalse();
        assertThat(bounded.path("result").path("item").path("limited").asBoolean())
                .isTrue();
        assertThat(redis.get("item:" + Items.ROWS)).isNull();

        String id = reconciler.begin("{\"caches\": [\"item\", \"brief\"], \"batchSize\": 100, \"rowsPerSecond\": 200}");
        Await.until("it goes on", LIMIT)
                .holds(() -> reconciler.run(id).path("progress").path("rows").asLong() >= 200);
        assertThat(Items.json(reconciler
                                .post("/api/reconcile/" + id + "/pause", "")
                                .body())
                        .get("state")
                        .asText())
                .isEqualTo("paused");
        assertThat(reconciler.run(id).path("progress").path("rows").asLong()).isLessThan(Items.ROWS);
        reconciler.post("/api/reconcile/" + id + "/resume", "");
        assertThat(reconciler.run(id).get("state").asText()).isEqualTo("running");
        assertThat(reconciler.run(id).path("progress").path("secondsLeft").asLong())
                .isPositive();
        reconciler.post("/api/reconcile/" + id + "/cancel", "");
        JsonNode ended = reconciler.ended(id);
        assertThat(ended.get("state").asText()).isEqualTo("cancelled");
        assertThat(ended.get("error").asText()).contains("it was cancelled; seen were", "not looked at: brief");
        assertThat(reconciler.post("/api/reconcile/" + id + "/pause", "").statusCode())
                .isEqualTo(409);

        JsonNode forced = reconciler.reconciled("{\"caches\": [\"item\"], \"force\": true}");
        assertThat(count(forced, "item", "repaired")).isEqualTo(Items.ROWS);
        assertThat(items.wrong()).isEmpty();
    }

    @Test
    @Order(4)
    void two_reconcilers_under_load_and_a_flush_invent_nothing_and_leave_nothing_wrong() throws Exception {
        ServiceProcess second =
                product.startAnother(Product.RECONCILER, "reconciler-2", pipeline, ReconcilerCalls.TOKENS);
        ReconcilerCalls other = new ReconcilerCalls(second.url());
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong writes = new AtomicLong();
        Thread writer = new Thread(() -> write(over, writes), "items writer");
        writer.start();
        try {
            for (int round = 0; round < LoadLength.rounds(); round++) {
                String one = reconciler.begin("{\"caches\": [\"item\", \"named\"]}");
                String two = other.begin("{\"caches\": [\"item\", \"named\"]}");
                if (round == 1) {
                    redis.call("FLUSHALL");
                }
                for (JsonNode run : new JsonNode[] {reconciler.ended(one), other.ended(two)}) {
                    assertThat(run.get("state").asText()).as(run.toString()).isEqualTo("done");
                    assertThat(drift(run, "item")).as(run.toString()).isZero();
                    assertThat(drift(run, "named")).as(run.toString()).isZero();
                }
            }
            redis.call("SET", "item:1", "{}");
            redis.call("DEL", "item:2");
            String one = reconciler.begin("{\"caches\": [\"item\"]}");
            String two = other.begin("{\"caches\": [\"item\"]}");
            assertThat(reconciler.ended(one).get("state").asText()).isEqualTo("done");
            assertThat(other.ended(two).get("state").asText()).isEqualTo("done");
        } finally {
            over.set(true);
            writer.join();
        }
        assertThat(writes.get()).isGreaterThan(500);
        Await.until("the judge finds nothing wrong", LIMIT)
                .holds(() -> items.wrong().isEmpty());
    }

    private void write(AtomicBoolean over, AtomicLong writes) {
        Random random = new Random(5);
        try (Connection connection = product.database();
                Statement statement = connection.createStatement()) {
            while (!over.get()) {
                int id = 1 + random.nextInt(Items.ROWS);
                if (random.nextInt(10) == 0) {
                    statement.execute("delete from item where id = " + id);
                } else {
                    statement.execute("insert into item values (" + id + ", 'item-" + id % 100 + "', "
                            + random.nextInt(5) + ") on conflict (id) do update set stock = excluded.stock");
                }
                writes.incrementAndGet();
            }
        } catch (Exception failed) {
            throw new AssertionError("the writer failed", failed);
        }
    }

    @Test
    @Order(5)
    void an_application_reads_its_own_write_after_it_waited_for_its_commit() throws Exception {
        try (Connection connection = product.database();
                Statement statement = connection.createStatement()) {
            for (int stock = 100_000; stock < 100_020; stock++) {
                statement.execute("insert into item values (1, 'item-1', " + stock
                        + ") on conflict (id) do update set stock = excluded.stock");
                assertThat(waited(statement, "10s").statusCode()).isEqualTo(200);
                assertThat(redis.get("item:1")).contains("" + stock);
            }
            product.part(Product.CACHE_WRITER).freeze();
            try {
                statement.execute("update item set stock = 7 where id = 1");
                HttpResponse<String> waited = waited(statement, "300ms");
                assertThat(waited.statusCode()).isEqualTo(504);
                assertThat(Items.json(waited.body()).get("applied").asBoolean()).isFalse();
                Await.until("the canary is late", LIMIT)
                        .holds(() -> canary().path("waitingMillis").asLong() > 300);
            } finally {
                product.part(Product.CACHE_WRITER).thaw();
            }
            assertThat(waited(statement, "30s").statusCode()).isEqualTo(200);
            assertThat(Items.json(redis.get("item:1")).get("stock").asInt()).isEqualTo(7);
        }
        JsonNode landed = Await.until("the canary lands again and again", LIMIT)
                .sees(this::canary, canary -> canary.path("flights").asInt() > 3);
        assertThat(landed.path("p50Millis").asDouble()).isBetween(0.1, 30_000.0);
        assertThat(landed.path("problem").isTextual()).isFalse();
    }

    private JsonNode canary() throws Exception {
        return Items.json(reconciler.get("/api/consistency").body()).path("canary");
    }

    private HttpResponse<String> waited(Statement statement, String timeout) throws Exception {
        try (ResultSet lsn = statement.executeQuery("select pg_current_wal_insert_lsn()::text")) {
            lsn.next();
            return reconciler.get("/api/freshness/wait?lsn=" + lsn.getString(1) + "&timeout=" + timeout);
        }
    }

    @Test
    @Order(6)
    void the_sampler_finds_a_wrong_entry_that_is_asked_for_often_and_says_so_until_it_is_mended() throws Exception {
        JsonNode before = Await.until("the sampler has looked at some entries", LIMIT)
                .sees(
                        () -> Items.json(reconciler.get("/api/consistency").body()),
                        seen -> seen.path("caches")
                                        .path("item")
                                        .path("hour")
                                        .path("checked")
                                        .asLong()
                                > 20);
        assertThat(before.path("caches").path("item").path("hour").path("nines").asDouble())
                .isPositive();
        redis.call("ZADD", "tm.asked:item", "5", "item:20");
        redis.call("SET", "item:20", "{\"id\": 20}");

        JsonNode alert = Await.until("the sampler sees it", LIMIT)
                .sees(
                        () -> Items.json(reconciler.get("/api/consistency").body()),
                        // Not what another test has left.
                        seen -> seen.path("caches").path("item").path("alert").asBoolean()
                                && seen.at("/caches/item/lastWrong/key")
                                        .asText()
                                        .equals("item:20"));
        JsonNode wrong = alert.path("caches").path("item").path("lastWrong");
        assertThat(wrong.path("key").asText()).isEqualTo("item:20");
        assertThat(wrong.path("kind").asText()).isEqualTo("stale");
        assertThat(wrong.path("cause").asText()).isEqualTo("rule_changed");
        String metrics = ((ServiceProcess) product.part(Product.RECONCILER))
                .get("/prometheus")
                .body();
        assertThat(metrics).contains("tidemark_consistency_alert{cache=\"item\"} 1.0");
        assertThat(((ServiceProcess) product.part(Product.RECONCILER))
                        .get("/health")
                        .body())
                .contains("\"alert\":true");
        reconciler.reconciled("{\"caches\": [\"item\"]}");
        assertThat(items.wrong()).isEmpty();
    }

    @Test
    @Order(7)
    void evicted_entries_are_said_to_be_evicted_and_come_back() throws Exception {
        String used = redis.call("INFO", "memory").toString().replaceAll("(?s).*used_memory:(\\d+).*", "$1");
        redis.call("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
        redis.call("CONFIG", "SET", "maxmemory", Long.toString(Long.parseLong(used) - 40_000));
        redis.call("SET", "item:3", redis.get("item:3") == null ? "{}" : redis.get("item:3"));
        redis.call("CONFIG", "SET", "maxmemory", "0");
        redis.call("CONFIG", "SET", "maxmemory-policy", "noeviction");
        Await.until("Redis has evicted entries", LIMIT)
                .holds(() -> !items.wrong().isEmpty());

        JsonNode run = reconciler.reconciled("{\"caches\": [\"item\"], \"verbose\": true}");
        assertThat(run.path("result")
                        .path("item")
                        .path("causes")
                        .path("evicted")
                        .asLong())
                .as(run.toString())
                .isPositive();
        assertThat(items.wrong()).isEmpty();
    }

    private double repaired() throws Exception {
        return metric("tidemark_entries_repaired");
    }

    private double metric(String name) throws Exception {
        String metrics = ((ServiceProcess) product.part(Product.CACHE_WRITER))
                .get("/prometheus")
                .body();
        return metrics.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
