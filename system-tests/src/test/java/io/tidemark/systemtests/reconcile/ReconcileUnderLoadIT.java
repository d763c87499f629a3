package io.tidemark.systemtests.reconcile;

import static io.tidemark.systemtests.reconcile.ReconcilerCalls.count;
import static io.tidemark.systemtests.reconcile.ReconcilerCalls.drift;
import static io.tidemark.systemtests.reconcile.RunningItems.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.systemtests.product.Product;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.service.ServiceProcess;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Comparisons and repairs while rows change, Redis is emptied, and servers are lost. */
class ReconcileUnderLoadIT extends OnItems {
    @Test
    void two_reconcilers_under_load_and_a_flush_invent_nothing_and_leave_nothing_wrong() throws Exception {
        ServiceProcess second =
                product.startAnother(Product.RECONCILER, "reconciler-2", running.pipeline, ReconcilerCalls.TOKENS);
        ReconcilerCalls other = new ReconcilerCalls(second.url());
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong writes = new AtomicLong();
        Thread writer = new Thread(() -> write(over, writes), "items writer");
        writer.start();
        try {
            LoadLength load = new LoadLength();
            for (int round = 0; load.goesOn(round); round++) {
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
            // Each entry is read again while its row may be written: what is older must not come after what is newer.
            for (int round = 0; round < 2; round++) {
                JsonNode forced = reconciler.ended(reconciler.begin("{\"caches\": [\"item\"], \"force\": true}"));
                assertThat(forced.get("state").asText()).as(forced.toString()).isEqualTo("done");
            }
            JsonNode looked = other.ended(other.begin("{\"caches\": [\"item\"], \"checkOnly\": true}"));
            assertThat(drift(looked, "item")).as(looked.toString()).isZero();
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
        second.stop();
        items.fillUp();
        running.awaitRight();
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
                LockSupport.parkNanos(LoadLength.isLong() ? 0 : 3_000_000);
            }
        } catch (Exception failed) {
            throw new AssertionError("the writer failed", failed);
        }
    }

    @Test
    void a_comparison_goes_on_when_postgresql_and_redis_are_lost_in_its_middle() throws Exception {
        String id = reconciler.begin("{\"caches\": [\"item\"], \"batchSize\": 100, \"rowsPerSecond\": 500}");
        awaitRows(id, 300);
        product.killAndReplace(Product.POSTGRES);
        awaitRows(id, 1000);
        product.killAndReplace(Product.REDIS);
        redis = product.redis();

        JsonNode run = reconciler.ended(id);
        assertThat(run.get("state").asText()).as(run.toString()).isEqualTo("done");
        assertThat(drift(run, "item")).as(run.toString()).isZero();
        assertThat(count(run, "item", "rows")).isEqualTo(Items.ROWS);
        assertThat(count(run, "item", "consistent") + count(run, "item", "inFlight"))
                .isEqualTo(Items.ROWS);
        running.awaitRight();
    }

    private void awaitRows(String id, long rows) {
        Await.until("it has read " + rows + " rows", LIMIT).sees(() -> reconciler.run(id), run -> {
            assertThat(run.path("state").asText()).as(run.toString()).isIn("waiting", "running");
            return run.path("progress").path("rows").asLong() >= rows;
        });
    }
}
