package io.tidemark.positions.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {
    private static final StoreId NATUR = new StoreId("NATUR");
    private static final Instant AT = Instant.parse("2026-11-20T10:00:00Z");

    @ParameterizedTest
    @CsvSource({"0,1,20", "-1,1,20", "1,21,20", "1,0,20", "1,-5,20", "1,5,0"})
    void aPlaceThatCannotBeIsRefused(long page, long firstId, long lastId) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Position.recorded(NATUR, page, firstId, lastId, AT))
                .withMessageContaining("expected");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "../NATUR", "NATUR\n", "{x}", "café", "a:b"})
    void aNameThatWouldNeedEscapingIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new StoreId(name));
    }

    @ParameterizedTest(name = "{0} orders: page {1}")
    @CsvSource({"181601,9070", "0,1", "199,1", "219,1", "220,1", "240,2", "10000000,499990"})
    void theStartPageIsALittleBeforeWhereTheOrdersEnd(long orders, long page) {
        assertThat(PageEstimate.usual().startPage(orders)).isEqualTo(page);
    }

    @Test
    void aReplayCountsEachNewOrderOnceAndOldOnesNot() {
        Checkpoint from = new Checkpoint(Position.recorded(NATUR, 10, 181, 200, AT), Map.of(0, 5L, 1, 7L));
        Replay replay = new Replay(from, PageEstimate.usual());
        replay.order(0, 4, 300);
        for (int i = 0; i < 25; i++) {
            replay.order(i % 2, 10 + i, 201 + i);
            replay.order(i % 2, 10 + i, 201 + i);
        }
        replay.order(0, 100, 150);
        Checkpoint result = replay.result();
        assertThat(result.position().lastId()).isEqualTo(225);
        assertThat(result.position().page()).isEqualTo(11);
        assertThat(result.position().certainty()).isEqualTo(Certainty.REPLAYED);
        assertThat(result.reflects()).isEqualTo(Map.of(0, 101L, 1, 34L));
        assertThat(result.position().isAheadOf(from.position())).isTrue();
    }

    @Test
    void aReplayWithoutNewOrdersLeavesThePositionAsItWas() {
        Checkpoint from = new Checkpoint(Position.recorded(NATUR, 10, 181, 200, AT), Map.of());
        Replay replay = new Replay(from, PageEstimate.usual());
        replay.order(3, 0, 190);
        assertThat(replay.result()).isEqualTo(new Checkpoint(from.position(), Map.of(3, 1L)));
    }

    @Test
    void anUndoIsKeptWhileTheStoreMovesOn() {
        RewoundFrom before = new RewoundFrom(9070, Optional.of("c"), 181582, 181601, AT, "admin");
        Position rewound = Position.recorded(NATUR, 100, 1981, 2000, AT).inGeneration(1, Optional.of(before));
        Position moved = rewound.movedTo(101, Optional.empty(), 2001, 2020, AT, Certainty.RECORDED);
        assertThat(moved.rewoundFrom()).contains(before);
        assertThat(moved.generation()).isEqualTo(1);
    }
}
