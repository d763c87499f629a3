package io.tidemark.systemtests.reconcile;

import static io.tidemark.systemtests.reconcile.RunningItems.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.systemtests.product.Product;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.service.ServiceProcess;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** What is said of consistency all the time: the sampler, the canary, the wait for an own write, eviction. */
class ConsistencyIT extends OnItems {
    @Test
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
    void evicted_entries_are_said_to_be_evicted_and_come_back() throws Exception {
        String used = redis.call("INFO", "memory").toString().replaceAll("(?s).*used_memory:(\\d+).*", "$1");
        redis.call("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
        redis.call("CONFIG", "SET", "maxmemory", Long.toString(Long.parseLong(used) - 40_000));
        redis.call("SET", "item:3", redis.get("item:3") == null ? "{}" : redis.get("item:3"));
        redis.call("CONFIG", "SET", "maxmemory", "0");
        redis.call("CONFIG", "SET", "maxmemory-policy", "noeviction");
        Await.until("Redis has evicted entries", LIMIT)
                .holds(() -> !items.wrong().isEmpty());

        JsonNode run = reconciler.reconciled("{\"verbose\": true}");
        assertThat(run.path("result")
                        .path("item")
                        .path("causes")
                        .path("evicted")
                        .asLong())
                .as(run.toString())
                .isPositive();
        assertThat(items.wrong()).isEmpty();
        redis.call("CONFIG", "RESETSTAT");
    }
}
