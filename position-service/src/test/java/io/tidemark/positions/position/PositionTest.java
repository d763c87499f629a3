package io.tidemark.positions.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
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
        Position from = Position.recorded(NATUR, 10, 181, 200, AT);
        Replay replay = new Replay(from, PageEstimate.usual());
        for (int i = 24; i >= 0; i--) {
            replay.order(201 + i);
            replay.order(201 + i);
        }
        replay.order(150);
        Position result = replay.result();
        assertThat(result.lastId()).isEqualTo(225);
        assertThat(result.page()).isEqualTo(11);
        assertThat(result.certainty()).isEqualTo(Certainty.REPLAYED);
        assertThat(result.isAheadOf(from)).isTrue();
    }

    @Test
    void aReplayWithoutNewOrdersLeavesThePositionAsItWas() {
        Position from = Position.recorded(NATUR, 10, 181, 200, AT);
        Replay replay = new Replay(from, PageEstimate.usual());
        replay.order(190);
        assertThat(replay.result()).isSameAs(from);
    }

    @Test
    void aReplayDoesNotTakeALateEditFarAheadForTheWayBackAfterARewind() {
        RewoundFrom before = new RewoundFrom(9070, Optional.empty(), 181582, 181601, AT, "admin");
        Position rewound = Position.recorded(NATUR, 100, 1981, 2000, AT).inGeneration(1, Optional.of(before));
        Replay replay = new Replay(rewound, PageEstimate.usual());
        replay.order(181000);
        assertThat(replay.result()).isSameAs(rewound);
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
