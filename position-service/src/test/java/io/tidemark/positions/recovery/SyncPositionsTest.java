package io.tidemark.positions.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.positions.position.Badge;
import io.tidemark.positions.position.Beginnings;
import io.tidemark.positions.position.Certainty;
import io.tidemark.positions.position.Checkpoint;
import io.tidemark.positions.position.Layer;
import io.tidemark.positions.position.LayerUnavailableException;
import io.tidemark.positions.position.PageEstimate;
import io.tidemark.positions.position.Position;
import io.tidemark.positions.position.Rewind;
import io.tidemark.positions.position.StoreId;
import io.tidemark.positions.position.StoredOrders;
import io.tidemark.positions.position.Verdict;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SyncPositionsTest {
    private static final StoreId NATUR = new StoreId("NATUR");
    private static final StoreId PURNA = new StoreId("PURNA");
    private static final Instant AT = Instant.parse("2026-11-20T10:00:00Z");
    private static final Clock CLOCK = Clock.fixed(AT, ZoneOffset.UTC);

    private final MemoryLayer redis = new MemoryLayer(Layer.REDIS);
    private final MemoryLayer kafka = new MemoryLayer(Layer.KAFKA);
    private final MemoryLayer json = new MemoryLayer(Layer.JSON);
    private final Orders orders = new Orders();
    private final Journal journal = new Journal();
    private String incarnation = "first";
    private SyncPositions positions = started();

    @Test
    void anUpdateReachesEveryLayer() {
        assertThat(positions.updateSyncPosition(NATUR, 9070, 181582, 181601)).isEqualTo(Verdict.WRITTEN);
        positions.layers().flush();
        for (MemoryLayer layer : List.of(redis, kafka, json)) {
            assertThat(layer.held().get(NATUR).position().page()).isEqualTo(9070);
        }
        PositionAnswer answer = positions.getSyncPosition(NATUR);
        assertThat(answer.answeredBy()).isEqualTo(Layer.REDIS);
        assertThat(answer.position().lastId()).isEqualTo(181601);
    }

    @Test
    void afterALossEachLayerAnswersInItsTurnAndNeverPageOne() {
        takeInNaturAndPurna();
        redis.lose();
        assertThat(restartedAnswer(NATUR)).isEqualTo("KAFKA page 9070 RECORDED");
        redis.lose();
        kafka.lose();
        assertThat(restartedAnswer(NATUR)).isEqualTo("JSON page 9070 RECORDED");
        redis.lose();
        kafka.lose();
        json.lose();
        orders.tails.put(NATUR, new StoredOrders.Tail(181601, 181582, 181601));
        assertThat(restartedAnswer(NATUR)).isEqualTo("DATABASE page 9070 CALCULATED");
        assertThat(redis.held().get(NATUR).position().page()).isEqualTo(9070);
    }

    @Test
    void whatARecoveryFoundIsBroughtToTheOtherLayersToo() {
        takeInNaturAndPurna();
        redis.lose();
        kafka.lose();
        positions = started();
        positions.restoreAllSyncPositions();
        assertThat(kafka.held().get(NATUR).position().page()).isEqualTo(9070);
    }

    @Test
    void aFallbackNeverOverridesWhatIsNewer() {
        kafka.plant(checkpoint(9000, 180201));
        json.plant(checkpoint(9070, 181601));
        orders.tails.put(NATUR, new StoredOrders.Tail(181601, 181582, 181601));
        assertThat(restartedAnswer(NATUR)).isEqualTo("JSON page 9070 RECORDED");
        redis.lose();
        kafka.plant(checkpoint(9071, 181621));
        json.plant(checkpoint(9070, 181601));
        assertThat(restartedAnswer(NATUR)).isEqualTo("KAFKA page 9071 RECORDED");
    }

    @Test
    void theDatabasesOwnWordIsTakenBeforeAnyCalculation() {
        orders.tails.put(NATUR, new StoredOrders.Tail(181601, 181582, 181601));
        orders.progress.put(NATUR, checkpoint(8990, 181601).position().from(Layer.DATABASE));
        assertThat(restartedAnswer(NATUR)).isEqualTo("DATABASE page 8990 RECORDED");
        redis.lose();
        json.lose();
        kafka.plant(checkpoint(8989, 181581));
        assertThat(restartedAnswer(NATUR)).isEqualTo("DATABASE page 8990 RECORDED");
        redis.lose();
        json.lose();
        kafka.plant(checkpoint(8990, 181601));
        assertThat(restartedAnswer(NATUR)).isEqualTo("KAFKA page 8990 RECORDED");
    }

    @Test
    void aSnapshotOlderThanTheDatabasesOrdersIsMovedOn() {
        json.plant(checkpoint(9070, 181601));
        orders.tails.put(NATUR, new StoredOrders.Tail(181701, 181682, 181701));
        orders.newer = 100;
        assertThat(restartedAnswer(NATUR)).isEqualTo("JSON page 9075 REPLAYED");
    }

    @Test
    void aStoreNobodyKnowsStartsAtPageOneOnlyWhenEveryoneWasAsked() {
        kafka.away(true);
        assertThatThrownBy(() -> positions.getSyncPosition(NATUR)).isInstanceOf(LayerUnavailableException.class);
        assertThat(redis.held()).isEmpty();
        kafka.away(false);
        assertThat(restartedAnswer(NATUR)).isEqualTo("START page 1 CALCULATED");
    }

    @Test
    void whileTheDatabaseIsAwayAStoreNobodyKnowsIsLeftAlone() {
        orders.away = true;
        assertThatThrownBy(() -> positions.getSyncPosition(NATUR)).isInstanceOf(LayerUnavailableException.class);
        assertThat(positions.restoreAllSyncPositions().count(StoreRecovery.Outcome.FAILED))
                .isEqualTo(2);
        assertThat(redis.held()).isEmpty();
    }

    @Test
    void withoutRedisAnAnswerStillComesAndSaysSo() {
        takeInNaturAndPurna();
        redis.away(true);
        PositionAnswer answer = positions.getSyncPosition(NATUR);
        assertThat(answer.position().page()).isEqualTo(9070);
        assertThat(answer.answeredBy()).isEqualTo(Layer.KAFKA);
        assertThat(answer.warnings()).anySatisfy(warning -> assertThat(warning).contains("Redis is away"));
        assertThat(positions.updateSyncPosition(
                        answer.position().movedTo(9071, Optional.empty(), 181602, 181621, AT, Certainty.RECORDED)))
                .isEqualTo(Verdict.WRITTEN);
        assertThat(kafka.held().get(NATUR).position().page()).isEqualTo(9071);
    }

    @Test
    void anEmptiedRedisIsNoticedByItsIncarnationAndByWhatIsMissing() {
        takeInNaturAndPurna();
        assertThat(positions.detectCacheLoss().isLoss()).isFalse();
        redis.lose();
        incarnation = "second";
        LossReport loss = positions.detectCacheLoss();
        assertThat(loss.newIncarnation()).isTrue();
        assertThat(loss.missing()).containsExactly(NATUR, PURNA);
        assertThat(positions.health().percent()).isZero();

        RecoveryReport report = positions.autoRecover();

        assertThat(report.count(StoreRecovery.Outcome.RESTORED)).isEqualTo(2);
        assertThat(report.before().percent()).isZero();
        assertThat(report.after().percent()).isEqualTo(100);
        assertThat(report.restoredFrom()).isEqualTo(Map.of(Layer.KAFKA, 2L));
        assertThat(report.stores().get(0).before()).isEmpty();
        assertThat(positions.detectCacheLoss().isLoss()).isFalse();
        assertThat(positions.autoRecover().stores()).isEmpty();
    }

    @Test
    void aPositionSetBackBehindOurBackIsNoticedAndRestored() {
        takeInNaturAndPurna();
        redis.plant(checkpoint(1, 20));
        assertThat(positions.detectCacheLoss().reset()).containsExactly(NATUR);
        assertThat(badge(NATUR)).isEqualTo(Badge.RESET);
        assertThat(positions.getSyncPosition(NATUR).position().page()).isEqualTo(9070);
        assertThat(badge(NATUR)).isEqualTo(Badge.HEALTHY);
    }

    @Test
    void aCalculatedPositionSaysSoUntilTheSyncConfirmsIt() {
        orders.tails.put(NATUR, new StoredOrders.Tail(181601, 181582, 181601));
        Position calculated = positions.getSyncPosition(NATUR).position();
        assertThat(badge(NATUR)).isEqualTo(Badge.CALCULATED);
        assertThat(positions.updateSyncPosition(calculated.corrected(8800, Optional.of("c"), AT)))
                .isEqualTo(Verdict.WRITTEN);
        assertThat(badge(NATUR)).isEqualTo(Badge.HEALTHY);
        assertThat(positions.getSyncPosition(NATUR).position().page()).isEqualTo(8800);
    }

    @Test
    void aRewindOutranksAndASyncBegunBeforeItCannotBringThePageBack() {
        takeInNaturAndPurna();
        Position begunWith = positions.getSyncPosition(NATUR).position();
        orders.idOfOrder = 1980;
        Rewinds rewinds = new Rewinds(positions, CLOCK);

        Rewind shown = rewinds.preview(NATUR, 100, "admin");
        assertThat(shown.pagesAgain()).isEqualTo(8970);
        assertThat(shown.ordersAgain()).isEqualTo(8970 * 20);
        assertThat(positions.getSyncPosition(NATUR).position().page()).isEqualTo(9070);

        rewinds.rewind(NATUR, 100, "admin");
        assertThat(positions.getSyncPosition(NATUR).position().page()).isEqualTo(100);
        assertThat(positions.updateSyncPosition(
                        begunWith.movedTo(9071, Optional.empty(), 181602, 181621, AT, Certainty.RECORDED)))
                .isEqualTo(Verdict.LOWER);
        assertThat(positions.updateSyncPosition(NATUR, 101, 1981, 2000)).isEqualTo(Verdict.WRITTEN);
        assertThat(journal.of(NATUR))
                .anySatisfy(entry -> assertThat(entry.kind()).isEqualTo(JournalEntry.Kind.REWOUND));

        rewinds.undo(NATUR, "admin");
        assertThat(positions.getSyncPosition(NATUR).position().page()).isEqualTo(9070);
        assertThat(positions.getSyncPosition(NATUR).position().lastId()).isEqualTo(181601);
    }

    @Test
    void anUpdateContinuesARewindThatAnotherInstanceMadeAndNoLayerFallsBehindIt() {
        takeInNaturAndPurna();
        orders.idOfOrder = 1980;
        new Rewinds(started(), CLOCK).rewind(NATUR, 100, "admin");
        // This instance still believes in the place before the rewind, for a lower order as for a higher one.
        assertThat(positions.updateSyncPosition(NATUR, 101, 1981, 2000)).isEqualTo(Verdict.WRITTEN);
        new Rewinds(started(), CLOCK).rewind(NATUR, 50, "admin");
        assertThat(positions.updateSyncPosition(NATUR, 9071, 181602, 181621)).isEqualTo(Verdict.WRITTEN);
        for (MemoryLayer layer : List.of(redis, kafka)) {
            assertThat(layer.held().get(NATUR).position().generation()).isEqualTo(2);
            assertThat(layer.held().get(NATUR).position().page()).isEqualTo(9071);
        }
    }

    @Test
    void onlyAnEarlierPageCanBeRewoundToAndOnlyARewindUndone() {
        takeInNaturAndPurna();
        Rewinds rewinds = new Rewinds(positions, CLOCK);
        assertThatIllegalArgumentException().isThrownBy(() -> rewinds.rewind(NATUR, 9070, "admin"));
        assertThatIllegalArgumentException().isThrownBy(() -> rewinds.rewind(NATUR, 0, "admin"));
        assertThatThrownBy(() -> rewinds.undo(NATUR, "admin")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRewoundStoreLosesNothingWhenRedisIsEmptied() {
        takeInNaturAndPurna();
        orders.idOfOrder = 1980;
        new Rewinds(positions, CLOCK).rewind(NATUR, 100, "admin");
        redis.lose();
        assertThat(positions.getSyncPosition(NATUR).position().page()).isEqualTo(100);
        assertThat(positions.getSyncPosition(NATUR).position().rewoundFrom()).isPresent();
    }

    private void takeInNaturAndPurna() {
        positions.updateSyncPosition(NATUR, 9070, 181582, 181601);
        positions.updateSyncPosition(PURNA, 12, 221, 240);
        positions.layers().flush();
        positions.detectCacheLoss();
    }

    private Badge badge(StoreId store) {
        return positions.health().stores().stream()
                .filter(one -> one.store().equals(store))
                .findFirst()
                .orElseThrow()
                .badge();
    }

    /** What a process that was started anew answers. */
    private String restartedAnswer(StoreId store) {
        positions = started();
        PositionAnswer answer = positions.getSyncPosition(store);
        positions.layers().flush();
        return answer.answeredBy() + " page " + answer.position().page() + " "
                + answer.position().certainty();
    }

    private SyncPositions started() {
        Layers layers = new Layers(redis, kafka, json, orders, () -> incarnation, kafka::held, CLOCK);
        return new SyncPositions(
                layers,
                () -> List.of(NATUR, PURNA),
                Beginnings.atPageOne(PageEstimate.usual()),
                CLOCK,
                journal,
                report -> {});
    }

    private static Checkpoint checkpoint(long page, long lastId) {
        return new Checkpoint(Position.recorded(NATUR, page, Math.max(1, lastId - 19), lastId, AT), Map.of());
    }

    /** The orders in the database, in memory. */
    private static final class Orders implements StoredOrders {
        private final Map<StoreId, Tail> tails = new HashMap<>();
        private final Map<StoreId, Position> progress = new HashMap<>();
        private long newer;
        private long idOfOrder;
        private boolean away;

        @Override
        public Map<StoreId, Position> progress(Collection<StoreId> stores) {
            requireThere();
            return Map.copyOf(progress);
        }

        @Override
        public Map<StoreId, Tail> tails(Collection<StoreId> stores) {
            requireThere();
            Map<StoreId, Tail> found = new HashMap<>(tails);
            found.keySet().retainAll(stores);
            return found;
        }

        @Override
        public long countAfter(StoreId store, long orderId) {
            requireThere();
            return newer;
        }

        @Override
        public long idOfOrder(StoreId store, long number) {
            requireThere();
            return idOfOrder;
        }

        private void requireThere() {
            if (away) {
                throw new LayerUnavailableException(Layer.DATABASE, "the database is away");
            }
        }
    }
}
