package io.tidemark.ingest.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EpochDecisionTest {
    private static final StoredOffset OFFSET = new StoredOffset(100, 90, false);
    private static final SourceFacts.Slot SLOT = new SourceFacts.Slot(100, null);

    @Test
    void theVeryFirstStartBeginsEpochOneAndInvalidatesNothing() {
        assertThat(EpochDecision.decide(null, null, facts(null, 0)))
                .isEqualTo(new EpochDecision.Begin(1, "this is the first start", false));
    }

    @Test
    void whenAllIsAsItWasTheStreamGoesOn() {
        assertThat(EpochDecision.decide(state(true), OFFSET, facts(SLOT, 3))).isEqualTo(new EpochDecision.Continue(3));
    }

    @Test
    void aSlotBehindTheStoredOffsetIsNoGap() {
        assertThat(EpochDecision.decide(state(true), OFFSET, facts(new SourceFacts.Slot(40, null), 3)))
                .isEqualTo(new EpochDecision.Continue(3));
    }

    @Test
    void theStoredOffsetOfASnapshotThatIsDoneCountsAlthoughTheStateWasNotKeptYet() {
        assertThat(EpochDecision.decide(state(false), OFFSET, facts(SLOT, 3))).isEqualTo(new EpochDecision.Continue(3));
    }

    @Test
    void beforeTheFirstCommitTheLsnOfTheChangeCounts() {
        StoredOffset afterSnapshot = new StoredOffset(0, 90, false);

        assertThat(EpochDecision.decide(state(true), afterSnapshot, facts(new SourceFacts.Slot(90, null), 3)))
                .isEqualTo(new EpochDecision.Continue(3));
        assertBegins(
                state(true), afterSnapshot, facts(new SourceFacts.Slot(91, null), 3), "ahead of the stored offset");
    }

    @Test
    void everyGapBeginsANewEpochThatSaysWhy() {
        assertBegins(state(true), OFFSET, facts(null, 3), "slot is gone");
        assertBegins(state(true), OFFSET, facts(new SourceFacts.Slot(101, null), 3), "ahead of the stored offset");
        assertBegins(state(true), OFFSET, facts(new SourceFacts.Slot(100, "wal_status is lost"), 3), "removed WAL");
        assertBegins(state(true), null, facts(SLOT, 3), "stored offset is gone");
        assertBegins(state(false), null, facts(SLOT, 3), "cut off");
        assertBegins(state(false), new StoredOffset(0, 90, true), facts(SLOT, 3), "cut off");
        assertBegins(null, null, facts(SLOT, 3), "Kafka has lost its data");
        assertBegins(state(true), OFFSET, facts(SLOT, 5), "Kafka has lost data");
    }

    @Test
    void anotherDatabaseBeginsANewEpoch() {
        assertBegins(state(true), OFFSET, facts("other", 1, 500, 7, null, Map.of("public.a", 1L)), "system identifier");
        assertBegins(state(true), OFFSET, facts("cluster", 2, 500, 7, null, Map.of("public.a", 1L)), "timeline");
        assertBegins(state(true), OFFSET, facts("cluster", 1, 99, 7, null, Map.of("public.a", 1L)), "older copy");
    }

    @Test
    void changedTablesAndPublicationsBeginANewEpoch() {
        assertBegins(
                state(true),
                OFFSET,
                facts("cluster", 1, 500, 7, null, Map.of("public.a", 2L)),
                "dropped and made anew");
        assertBegins(
                state(true),
                OFFSET,
                facts("cluster", 1, 500, 7, null, Map.of("public.a", 1L, "public.b", 9L)),
                "table public.b was added");
        assertBegins(state(true), OFFSET, facts("cluster", 1, 500, 8, null, Map.of("public.a", 1L)), "publication");
        assertBegins(state(true), OFFSET, facts("cluster", 1, 500, 7, "a gap", Map.of("public.a", 1L)), "a gap");
    }

    @Test
    void aTableThatIsNoLongerFollowedIsNoGap() {
        assertThat(EpochDecision.decide(state(true), OFFSET, facts("cluster", 1, 500, 7, null, Map.of())))
                .isEqualTo(new EpochDecision.Continue(3));
    }

    @Test
    void theNewEpochIsAboveAllThatAreRemembered() {
        assertThat(EpochDecision.decide(state(true), null, facts(SLOT, 9)).epoch())
                .isEqualTo(10);
        assertThat(EpochDecision.decide(null, null, facts(null, 4)).epoch()).isEqualTo(5);
        assertThat(EpochDecision.decide(state(true), null, facts(SLOT, 0)).epoch())
                .isEqualTo(4);
    }

    private static void assertBegins(
            @Nullable StreamState state, @Nullable StoredOffset offset, SourceFacts facts, String reason) {
        assertThat(EpochDecision.decide(state, offset, facts))
                .isInstanceOfSatisfying(EpochDecision.Begin.class, begin -> {
                    assertThat(begin.reason()).contains(reason);
                    assertThat(begin.epoch()).isGreaterThan(3);
                    assertThat(begin.entriesMayExist()).isTrue();
                });
    }

    private static StreamState state(boolean snapshotDone) {
        return new StreamState(3, "why", "cluster", 1, 7, new TreeMap<>(Map.of("public.a", 1L)), snapshotDone);
    }

    private static SourceFacts facts(SourceFacts.@Nullable Slot slot, int remembered) {
        return new SourceFacts("cluster", 1, 500, slot, 7, null, new TreeMap<>(Map.of("public.a", 1L)), remembered);
    }

    private static SourceFacts facts(
            String cluster, int timeline, long wal, long publication, @Nullable String gap, Map<String, Long> tables) {
        return new SourceFacts(cluster, timeline, wal, SLOT, publication, gap, new TreeMap<>(tables), 3);
    }
}
