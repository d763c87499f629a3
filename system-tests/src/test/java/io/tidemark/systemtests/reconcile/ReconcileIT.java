package io.tidemark.systemtests.reconcile;

import static io.tidemark.systemtests.reconcile.ReconcilerCalls.causes;
import static io.tidemark.systemtests.reconcile.ReconcilerCalls.count;
import static io.tidemark.systemtests.reconcile.ReconcilerCalls.drift;
import static io.tidemark.systemtests.reconcile.RunningItems.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.systemtests.product.ConsumerGroup;
import io.tidemark.testkit.await.Await;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Drift of each kind and cause on the running product: found, named and repaired, and nothing else written. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReconcileIT extends OnItems {
    @Test
    @Order(1)
    void drift_of_each_cause_is_found_named_and_repaired_and_nothing_else_is_written() throws Exception {
        // What was committed before Redis started would be lost with Redis; another test may have killed it.
        items.execute("update item set stock = stock + 1 where id < 20");
        running.awaitRight();
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
                .holds(() ->
                        redis.get("item:10").contains(":-10") && running.metricOfWriter("tidemark_dead_letters") >= 1);
        // cache-writer reads such a row from the database, and commits once it has written it.
        Await.until("what was read is in Redis", LIMIT)
                .holds(() -> ConsumerGroup.lag(product.kafkaBootstrap(), "tidemark.cache-writer") == 0);
        // As it is when that is away: invalidated, with the fence it had.
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
        // So that the newest records of these rows are true ones again.
        items.execute("update item set stock = stock + 1 where id in (9, 10, 11)");
        running.awaitRight();
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
    @Order(5)
    void a_scheduled_reconcile_repairs_what_differs_within_its_bounds() throws Exception {
        redis.call("SET", "item:5", "{}");
        redis.call("DEL", "item:2000");

        JsonNode bounded = scheduled("bounded");
        assertThat(bounded.path("rows").asLong()).as(bounded.toString()).isEqualTo(30);
        assertThat(bounded.path("limited").asBoolean()).isTrue();
        assertThat(bounded.path("stale").asLong()).isEqualTo(1);
        assertThat(bounded.path("repaired").asLong()).isEqualTo(1);
        assertThat(bounded.path("causes").path("foreign_write").asLong()).isEqualTo(1);
        assertThat(items.wrong()).containsExactly("item:2000");

        JsonNode whole = scheduled("whole");
        assertThat(whole.path("complete").asBoolean()).as(whole.toString()).isTrue();
        assertThat(whole.path("missing").asLong()).isEqualTo(1);
        assertThat(whole.path("repaired").asLong()).isEqualTo(1);
        assertThat(items.wrong()).isEmpty();
    }

    /** Has a job run now, and answers what it found in its cache. */
    private JsonNode scheduled(String job) throws Exception {
        assertThat(reconciler.post("/scheduler/trigger-now?job=" + job, "").statusCode())
                .isEqualTo(202);
        JsonNode run = Await.until("job " + job + " is over", LIMIT)
                .sees(
                        () -> Items.json(reconciler
                                        .get("/scheduler/history?job=" + job)
                                        .body())
                                .path(0),
                        one -> !one.path("state").asText("running").equals("running"));
        assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("done");
        return run.path("result").path("caches").path(0);
    }

    private double repaired() throws Exception {
        return running.metricOfWriter("tidemark_entries_repaired");
    }
}
