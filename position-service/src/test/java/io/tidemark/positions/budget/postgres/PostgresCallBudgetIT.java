package io.tidemark.positions.budget.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.positions.budget.CallBudget;
import io.tidemark.positions.budget.CallLimit;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.sync.postgres.FeedDatabase;
import io.tidemark.positions.sync.postgres.FeedSchema;
import io.tidemark.testkit.servers.SharedServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresCallBudgetIT {
    private static FeedDatabase first;
    private static FeedDatabase second;

    @BeforeAll
    static void start() {
        var postgres = SharedServers.postgres();
        String url = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/" + SharedServers.newDatabase();
        first = new FeedDatabase(url, postgres.user(), postgres.password());
        second = new FeedDatabase(url, postgres.user(), postgres.password());
        FeedSchema.migrate(first.pool());
        FeedSchema.migrate(second.pool());
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
    }

    @Test
    void givesTwoInstancesTogetherNoMoreThanTheLimit() {
        List<CallLimit> limits = CallLimit.parse("20/s,60/min");
        StoreId store = new StoreId("SHARED");
        List<CallBudget> instances =
                List.of(new PostgresCallBudget(first.pool(), limits), new PostgresCallBudget(second.pool(), limits));
        ConcurrentLinkedQueue<Long> taken = new ConcurrentLinkedQueue<>();
        long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        List<CompletableFuture<Void>> takers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            CallBudget budget = instances.get(i % 2);
            takers.add(CompletableFuture.runAsync(() -> {
                while (System.nanoTime() < end) {
                    if (budget.take(store).isZero()) {
                        taken.add(System.nanoTime());
                    }
                }
            }));
        }
        takers.forEach(CompletableFuture::join);
        List<Long> times = taken.stream().sorted().toList();
        assertThat(times).hasSizeBetween(6, 60);
        for (int i = 20; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 20))
                    .isGreaterThan(Duration.ofSeconds(1).toNanos());
        }
    }

    @Test
    void tellsEveryInstanceToLeaveAStoreAlone() {
        List<CallLimit> limits = CallLimit.parse("5/s,50/min");
        StoreId store = new StoreId("HELD");
        CallBudget one = new PostgresCallBudget(first.pool(), limits);
        CallBudget other = new PostgresCallBudget(second.pool(), limits);
        one.leaveAlone(store, Duration.ofSeconds(60));
        one.leaveAlone(store, Duration.ofSeconds(1));
        assertThat(other.take(store)).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
        assertThat(other.take(new StoreId("OTHER"))).isZero();
    }

    @Test
    void saysWhatIsLeftAndKeepsTheShareWhenTheLimitsAreSetAnew() {
        StoreId store = new StoreId("LEFT");
        CallBudget before = new PostgresCallBudget(first.pool(), CallLimit.parse("100/h,1000/day"));
        for (int i = 0; i < 12; i++) {
            assertThat(before.take(store)).isZero();
        }
        assertThat(before.left(store)).extracting(CallBudget.CallsLeft::left).containsExactly(13L, 88L);
        CallBudget after = new PostgresCallBudget(second.pool(), CallLimit.parse("200/h,2000/day"));
        assertThat(after.left(store).get(1).left()).isBetween(170L, 180L);
    }
}
