package io.tidemark.positions.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tidemark.positions.feed.OrderApi;
import io.tidemark.positions.feed.OrderApiException;
import io.tidemark.positions.feed.OrderPage;
import io.tidemark.positions.feed.PageRequest;
import io.tidemark.positions.metrics.CountedSession;
import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.sync.postgres.PostgresStoreSession;
import io.tidemark.testkit.orders.Mood;
import io.tidemark.testkit.orders.SimulatedStore;
import io.tidemark.testkit.orders.SimulatorSettings;
import io.tidemark.testkit.orders.StoreSettings;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreSyncIT {
    private static final String STORE = "NATUR";
    private static final StoreId ID = new StoreId(STORE);

    private final FeedStack stack = new FeedStack(SimulatorSettings.of(new StoreSettings(STORE, 1_345, 30)), 1_000);
    private final SimulatedStore shop = stack.simulator.store(STORE);

    @AfterEach
    void stop() {
        stack.close();
    }

    @Test
    void takesEveryOrderInAndThenAsksOnlyForWhatIsNew() throws Exception {
        StoreSync.Outcome first = stack.run(STORE);
        assertThat(stack.differences(STORE)).isEmpty();
        assertThat(first.saved().added()).isEqualTo(shop.count());
        Position last = stack.checkpoints.get(stack.checkpoints.size() - 1);
        assertThat(last.lastId()).isEqualTo(1_345);
        assertThat(last.page()).isEqualTo(shop.pageOf(1_345, FeedStack.PER_PAGE));
        assertThat(stack.checkpoints).isSortedAccordingTo((a, b) -> a.rank().compareTo(b.rank()));

        shop.add(45);
        long before = stack.simulator.ledger(STORE).calls();
        StoreSync.Outcome second = stack.run(STORE);
        assertThat(second.saved().added()).isEqualTo(45);
        // Up to four pages of new orders, one of the newest and one of old ones again for late edits.
        assertThat(stack.simulator.ledger(STORE).calls() - before).isLessThanOrEqualTo(6);
        assertThat(stack.differences(STORE)).isEmpty();
        assertThat(stack.simulator.ledger(STORE).overLimit()).isZero();
    }

    @Test
    void losesNothingThoughOrdersComeAndGoAndMoveThePagesUnderIt() throws Exception {
        Random random = new Random(5);
        stack.simulator.beforeEachAnswer(STORE, call -> {
            shop.delete(random.nextInt(15), 1, shop.lastId());
            shop.add(random.nextInt(3));
        });
        stack.run(STORE);
        stack.simulator.beforeEachAnswer(STORE, call -> {});
        stack.run(STORE);
        assertThat(stack.differences(STORE)).isEmpty();
    }

    @Test
    void takesLateEditsOfYoungOrdersAtOnceAndOfOldOnesInTime() throws Exception {
        stack.run(STORE);
        shop.edit(shop.lastId());
        shop.fillGapAtOrBelow(shop.lastId() - 1);
        stack.run(STORE);
        assertThat(stack.differences(STORE)).hasSizeLessThanOrEqualTo(1);
        shop.edit(40, 1, shop.lastId());
        for (int runs = 0; runs <= shop.pages(FeedStack.PER_PAGE); runs++) {
            stack.run(STORE);
        }
        assertThat(stack.differences(STORE)).isEmpty();
    }

    @Test
    void keepsTheNewerOfTwoTellingsAndWritesNothingForTheSameAgain() throws Exception {
        stack.run(STORE);
        stack.execute("update tidemark.feed_orders set updated_at = '2090-01-01', state = 'kept' where id = 1345");
        shop.edit(1_345);
        StoreSync.Outcome outcome = stack.run(STORE);
        assertThat(outcome.saved()).isEqualTo(Saved.NOTHING);
        assertThat(stack.number("select count(*) from tidemark.feed_orders where state = 'kept'"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mood.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SILENCE", "DRIP", "FORBIDDEN"})
    void survivesABadMoodInTheMiddleWithoutLosingAnOrder(Mood mood) throws Exception {
        stack.simulator.beforeEachAnswer(STORE, call -> {
            if (call == 4 || call == 30) {
                stack.simulator.mood(STORE, mood, 1);
            }
        });
        stack.run(STORE);
        if (mood == Mood.ODD_FIELDS) {
            assertThat(stack.number("select count(*) from tidemark.feed_orders"))
                    .isEqualTo(shop.count());
        } else {
            assertThat(stack.differences(STORE)).isEmpty();
        }
    }

    @Test
    void keepsWhatItHasWhenTheApiFailsForGoodAndGoesOnFromThere() throws Exception {
        stack.simulator.beforeEachAnswer(STORE, call -> {
            if (call == 20) {
                stack.simulator.mood(STORE, Mood.HTML, 4);
            }
        });
        assertThatThrownBy(() -> stack.run(STORE))
                .isInstanceOf(OrderApiException.Unreadable.class)
                .hasMessageContaining("store NATUR")
                .hasMessageContaining("HTML page");
        assertThat(stack.number("select last_id from tidemark.feed_progress")).isPositive();
        stack.run(STORE);
        assertThat(stack.differences(STORE)).isEmpty();
        assertThat(stack.simulator.ledger(STORE).firstPages()).isEqualTo(1);
    }

    @Test
    void findsItsPlaceAgainInFewCallsWhenAllButACalculatedPageIsLost() throws Exception {
        stack.run(STORE);
        shop.delete(300, 1, 1_200);
        shop.add(30);
        stack.execute("delete from tidemark.feed_progress");
        long before = stack.simulator.ledger(STORE).calls();
        Position calculated = Position.calculated(ID, 57, 1_330, 1_345, Instant.now());
        stack.run(stack.sync(Optional.of(calculated)), STORE);
        assertThat(stack.differences(STORE)).isEmpty();
        assertThat(stack.simulator.ledger(STORE).calls() - before).isLessThanOrEqualTo(14);
        assertThat(stack.simulator.ledger(STORE).firstPages()).isEqualTo(1);
    }

    @Test
    void needsOneCallToBeBackInPlaceWhenTheStoredCursorIsStillGood() throws Exception {
        stack.run(STORE);
        Position told = stack.checkpoints.get(stack.checkpoints.size() - 1);
        assertThat(told.cursor()).isPresent();
        stack.execute("delete from tidemark.feed_progress");
        shop.add(1);
        StoreSync alone = new StoreSync(
                stack.api(),
                store -> Optional.of(told),
                position -> {},
                InstantSource.system(),
                FeedStack.PER_PAGE,
                new StoreSync.Overlap(0, 0));
        StoreSync.Outcome outcome = stack.run(alone, STORE);
        assertThat(outcome.saved().added()).isEqualTo(1);
        // One call when the new order is still on that page; one more when it is the first of the next.
        assertThat(outcome.pages()).isLessThanOrEqualTo(2);
    }

    @Test
    void searchesWhenTheCursorIsRefusedOrLeadsBackToTheFirstPage() throws Exception {
        for (Mood mood : new Mood[] {Mood.CURSOR_REFUSED, Mood.CURSOR_FORGOTTEN}) {
            stack.run(STORE);
            shop.add(25);
            stack.simulator.mood(STORE, mood, 1);
            long before = stack.simulator.ledger(STORE).calls();
            stack.run(STORE);
            assertThat(stack.differences(STORE)).isEmpty();
            assertThat(stack.simulator.ledger(STORE).calls() - before).isLessThanOrEqualTo(8);
        }
    }

    @Test
    void takesOrdersInAgainWhenTheDatabaseWasRestoredThoughTheCheckpointIsFarther() throws Exception {
        stack.run(STORE);
        Position told = stack.checkpoints.get(stack.checkpoints.size() - 1);
        stack.execute("delete from tidemark.feed_orders where id > 1000");
        stack.execute("update tidemark.feed_progress set last_id = 1000, first_id = 990, page = 48, \"cursor\" = null,"
                + " taken = 950");
        stack.run(stack.sync(Optional.of(told)), STORE);
        assertThat(stack.differences(STORE)).isEmpty();
    }

    @Test
    void countsAStoreWhoseOrdersAreGoneThoughItsPositionIsKnownAndReadsOnFromThere() throws Exception {
        stack.run(STORE);
        Position told = stack.checkpoints.get(stack.checkpoints.size() - 1);
        MeterRegistry meters = new SimpleMeterRegistry();
        stack.execute("delete from tidemark.feed_progress");
        stack.runCounted(stack.sync(Optional.of(told)), STORE, meters);
        assertThat(CountedSession.gaps(meters).count())
                .as("its orders are there")
                .isZero();

        stack.execute("delete from tidemark.feed_progress");
        stack.execute("delete from tidemark.feed_orders");
        shop.add(3);
        stack.runCounted(stack.sync(Optional.of(told)), STORE, meters);
        assertThat(CountedSession.gaps(meters).count()).isEqualTo(1);
        assertThat(stack.number("select count(*) from tidemark.feed_orders where id > " + told.lastId()))
                .isEqualTo(3);
        assertThat(stack.simulator.ledger(STORE).firstPages()).isEqualTo(1);
    }

    @Test
    void obeysARewindByAPersonAndMovesOnFromThere() throws Exception {
        stack.run(STORE);
        Position rewound = Position.recorded(ID, 50, 990, 1_000, Instant.now()).inGeneration(1, Optional.empty());
        stack.execute("delete from tidemark.feed_orders where id between 1100 and 1200");
        stack.run(stack.sync(Optional.of(rewound)), STORE);
        assertThat(stack.differences(STORE)).isEmpty();
        assertThat(stack.number("select generation from tidemark.feed_progress"))
                .isEqualTo(1);
        assertThat(stack.number("select last_id from tidemark.feed_progress")).isEqualTo(shop.lastId());
    }

    @Test
    void goesOnWhenRecoveryAndCheckpointFail() throws Exception {
        StoreSync sync = new StoreSync(
                stack.api(),
                store -> {
                    throw new IllegalStateException("Redis is away");
                },
                position -> {
                    throw new IllegalStateException("Kafka is away");
                },
                InstantSource.system(),
                FeedStack.PER_PAGE,
                FeedStack.OVERLAP);
        assertThatThrownBy(() -> stack.run(sync, STORE))
                .as("nobody can say where it stands, and page 1 is no guess")
                .isInstanceOf(PositionUnknownException.class)
                .hasMessageContaining(STORE)
                .hasMessageContaining("Redis is away");
        assertThat(stack.simulator.ledger(STORE).calls()).isZero();

        stack.run(STORE);
        stack.simulator.store(STORE).add(45);
        stack.run(sync, STORE);
        assertThat(stack.differences(STORE)).isEmpty();
        assertThat(stack.simulator.ledger(STORE).firstPages()).isEqualTo(1);
    }

    @Test
    void readsAnApiWithoutCursorsByPageThoughPagesMove() throws Exception {
        Random random = new Random(9);
        stack.simulator.beforeEachAnswer(STORE, call -> shop.delete(random.nextInt(8), 1, shop.lastId()));
        UnaryOperator<OrderApi> withoutCursors = api -> (store, request) -> {
            assertThat(request).isInstanceOf(PageRequest.Numbered.class);
            OrderPage page = api.read(store, request);
            return new OrderPage(page.orders(), Optional.empty(), page.last(), page.perPage(), page.oddOrders());
        };
        stack.run(stack.sync(store -> Optional.empty(), withoutCursors), STORE);
        assertThat(stack.differences(STORE)).isEmpty();
    }

    @Test
    void letsNobodyElseTouchAStoreThatIsInHand() throws Exception {
        try (StoreSession session =
                PostgresStoreSession.open(ID, stack.database.session()).orElseThrow()) {
            assertThat(PostgresStoreSession.open(ID, stack.database.session())).isEmpty();
            assertThat(session.isPaused()).isFalse();
        }
        try (StoreSession again =
                PostgresStoreSession.open(ID, stack.database.session()).orElseThrow()) {
            assertThat(again.progress()).isEmpty();
        }
    }

    @Test
    void cannotWriteAnyMoreOnceItsSessionIsGone() throws Exception {
        stack.run(STORE);
        try (StoreSession session =
                PostgresStoreSession.open(ID, stack.database.session()).orElseThrow()) {
            Progress progress = session.progress().orElseThrow();
            stack.execute("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = "
                    + PostgresStoreSession.LOCKS
                    + " and database = (select oid from pg_database where datname = current_database())");
            assertThatThrownBy(() -> session.save(List.of(), progress)).isInstanceOf(SQLException.class);
        }
    }
}
