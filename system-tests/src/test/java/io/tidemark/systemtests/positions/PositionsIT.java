package io.tidemark.systemtests.positions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.systemtests.Seed;
import io.tidemark.testkit.await.Await;
import io.tidemark.testkit.orders.StoreSettings;
import io.tidemark.testkit.service.MetricsPage;
import io.tidemark.testkit.service.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** No loss moves a store back, and no order is lost or taken twice: the real services, the simulated API and its ledger. */
class PositionsIT {
    private static final Duration TAKEN_IN = Duration.ofSeconds(90);
    private static final int LIMITS_TIMES = 100;
    /** What a store may cost after any loss before its new orders come in. */
    private static final long CALLS_AFTER_A_LOSS = 20;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    void noLossOfAnyLayerMovesAStoreBackAndEachCostsFewCalls() throws Exception {
        try (FeedProduct product = new FeedProduct(
                directory,
                "losses",
                LIMITS_TIMES,
                new StoreSettings("NATUR", 1_500, 5),
                new StoreSettings("PURNA", 900, 40))) {
            ServiceProcess positions = product.positionService("a", LIMITS_TIMES);
            ServiceProcess ingest = product.ingestService();
            positions.launch();
            ingest.launch();
            Await.until("the sync is in the middle", Duration.ofSeconds(90)).holds(() -> product.count("NATUR") > 200);
            product.loseRedis();
            product.simulator.store("NATUR").add(30);
            product.simulator.store("PURNA").edit(5, 850, 900);
            product.awaitAllTakenIn(TAKEN_IN);
            Await.until("Redis holds both positions again", Duration.ofSeconds(20))
                    .holds(() -> product.ask(positions, "GET", "/api/admin/sync-position-status")
                                    .path("health_percent")
                                    .asInt()
                            == 100);
            assertNoRestart(product);

            lost(product, positions, "Redis and Kafka's checkpoints", () -> {
                product.loseRedis();
                product.loseCheckpoints();
            });
            lost(product, positions, "those and the JSON snapshot", () -> {
                product.loseRedis();
                product.loseCheckpoints();
                product.loseSnapshots("a");
            });
            lost(product, positions, "those and the database's own progress", () -> {
                product.loseRedis();
                product.loseCheckpoints();
                product.loseSnapshots("a");
                product.execute("delete from tidemark.feed_progress");
            });
            assertCountedInTheMetrics(positions.metrics());
            assertNobodyIsInTheLogs(product);
        }
    }

    /** Since the last start, which calculated both positions from the orders and took 25 and 3 new ones in. */
    private static void assertCountedInTheMetrics(MetricsPage metrics) {
        assertThat(metrics.sum("tidemark_orders_taken_total", "store", "NATUR", "change", "added"))
                .isEqualTo(25);
        assertThat(metrics.sum("tidemark_orders_taken_total", "store", "PURNA", "change", "added"))
                .isEqualTo(3);
        assertThat(metrics.sum("tidemark_positions_restored_total", "layer", "database"))
                .isEqualTo(2);
        assertThat(metrics.sum("tidemark_order_api_calls_seconds_count", "result", "page"))
                .isPositive();
        assertThat(metrics.sum("tidemark_order_syncs_seconds_count", "result", "done"))
                .isPositive();
    }

    private interface Loss {
        void happen() throws Exception;
    }

    /** Killed, robbed, started again, with new orders meanwhile. */
    private static void lost(FeedProduct product, ServiceProcess positions, String what, Loss loss) throws Exception {
        JsonNode before = product.store(positions, "NATUR");
        positions.kill();
        loss.happen();
        long callsBefore = product.simulator.ledger("NATUR").calls();
        product.simulator.store("NATUR").add(25);
        product.simulator.store("PURNA").add(3);
        positions.start();
        product.awaitAllTakenIn(TAKEN_IN);
        long calls = product.simulator.ledger("NATUR").calls() - callsBefore;
        JsonNode after = product.store(positions, "NATUR");
        System.out.printf(
                "lost %s: NATUR page %s -> %s, %d calls until all new orders were in%n",
                what,
                before.at("/position/page").asText(),
                after.at("/position/page").asText(),
                calls);
        assertThat(after.at("/position/last_id").asLong())
                .isGreaterThan(before.at("/position/last_id").asLong());
        assertThat(after.at("/position/page").asLong())
                .isGreaterThanOrEqualTo(before.at("/position/page").asLong());
        assertThat(calls).as(what).isLessThanOrEqualTo(CALLS_AFTER_A_LOSS);
        assertNoRestart(product);
    }

    @Test
    void twoInstancesShareTheStoresAndKilledOnesLeaveNothingUndone() throws Exception {
        Random random = new Random(Seed.ofThisRun("PositionsIT"));
        int limitsTimes = 40;
        try (FeedProduct product = new FeedProduct(
                directory,
                "kills",
                limitsTimes,
                new StoreSettings("NATUR", 1_400, 5),
                new StoreSettings("PURNA", 1_000, 5),
                new StoreSettings("JWLR", 800, 5))) {
            ServiceProcess first = product.positionService("a", limitsTimes);
            ServiceProcess second = product.positionService("b", limitsTimes);
            first.launch();
            second.launch();
            Await.until("the sync has begun", Duration.ofSeconds(90)).holds(() -> product.count("NATUR") > 100);
            for (int kill = 0; kill < 4; kill++) {
                ServiceProcess one = kill % 2 == 0 ? first : second;
                one.kill();
                product.simulator.store("NATUR").add(7);
                product.simulator.store("JWLR").add(7);
                one.launch();
                one.awaitReady(Duration.ofSeconds(90));
                // Killed somewhere between a page, its transaction, its checkpoint and Redis: where, the seed says.
                TimeUnit.MILLISECONDS.sleep(random.nextInt(1_500));
            }
            first.kill();
            product.simulator.store("PURNA").add(21);
            product.awaitAllTakenIn(TAKEN_IN);
            assertNoRestart(product);
            for (String store : product.simulator.stores()) {
                assertThat(product.simulator.ledger(store).overLimit())
                        .as(
                                "calls of %s over a limit: %s",
                                store, product.simulator.ledger(store).mostCalls())
                        .isZero();
                long page = product.store(second, store).at("/position/page").asLong();
                assertThat(page).isBetween(product.simulator.store(store).pages(20) - 1L, (long)
                        product.simulator.store(store).pages(20));
            }
            assertNobodyIsInTheLogs(product);
        }
    }

    /** The oldest page was handed out when the store began, and never again. */
    private static void assertNoRestart(FeedProduct product) {
        for (String store : product.simulator.stores()) {
            assertThat(product.simulator.ledger(store).firstPages()).as(store).isLessThanOrEqualTo(1);
        }
    }

    private static void assertNobodyIsInTheLogs(FeedProduct product) throws Exception {
        String logs = product.logs();
        assertThat(logs).contains("begins at page").hasSizeGreaterThan(500);
        assertThat(logs).doesNotContain("0555-", "Benali", "Haddad", "Meziane", "Bouzid", "Yasmine", FeedProduct.TOKEN);
        for (String store : product.simulator.stores()) {
            assertThat(logs).doesNotContain(product.simulator.token(store));
        }
    }
}
