package io.tidemark.positions.position;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonotonicTest {
    private static final StoreId NATUR = new StoreId("NATUR");
    private static final Instant AT = Instant.parse("2026-11-20T10:00:00Z");

    @ParameterizedTest(name = "held {0}, wanted {1}: {2} ({3})")
    @CsvSource({
        // generation/lastId/certainty/revision/page
        "0/181601/RECORDED/0/9070, 0/181621/RECORDED/0/9071, WRITTEN, newer orders on the next page",
        "0/181601/RECORDED/0/9070, 0/181621/RECORDED/0/9065, WRITTEN, newer orders though deletions moved the pages",
        "0/181601/RECORDED/0/9070, 0/181601/RECORDED/0/9070, SAME, a resend",
        "0/181601/RECORDED/0/9070, 0/181581/RECORDED/0/9069, LOWER, an older page",
        "0/181601/RECORDED/0/9070, 0/20/RECORDED/0/1, LOWER, a restart from page 1",
        "0/181601/RECORDED/0/9070, 0/0/CALCULATED/0/1, LOWER, a store taken for new",
        "0/181601/RECORDED/0/9070, 0/181601/RECORDED/0/9060, LOWER, a lower page of the same last order",
        "0/181601/RECORDED/0/9070, 0/181601/RECORDED/1/9060, WRITTEN, the API showed a lower page of the same last order",
        "0/181601/RECORDED/1/9060, 0/181601/RECORDED/0/9070, LOWER, a recorded page the API has corrected since",
        "0/181601/RECORDED/0/9060, 0/181601/CALCULATED/0/9070, LOWER, a calculated page is only a guess",
        "0/181601/CALCULATED/0/9070, 0/181601/RECORDED/0/9060, WRITTEN, a recorded page after a guess",
        "0/181601/REPLAYED/0/9070, 0/181601/CALCULATED/0/9080, LOWER, a replayed page is better than a guess",
        "0/181601/CALCULATED/0/9070, 0/181601/REPLAYED/0/9069, WRITTEN, a replayed page after a guess",
        "0/181601/RECORDED/0/9070, 1/2000/RECORDED/0/100, WRITTEN, a rewind by a person",
        "1/2000/RECORDED/0/100, 0/181601/RECORDED/0/9070, LOWER, what was rewound does not come back",
        "1/2020/RECORDED/0/101, 2/181601/RECORDED/0/9070, WRITTEN, the undo of a rewind",
    })
    void aPositionIsOnlyReplacedByOneAsFarAlong(String held, String wanted, Verdict verdict, String why) {
        assertThat(Monotonic.judge(Optional.of(position(held)), position(wanted)))
                .isEqualTo(verdict);
        Position kept = Monotonic.keep(Optional.of(position(held)), position(wanted));
        assertThat(kept).isEqualTo(verdict == Verdict.LOWER ? position(held) : position(wanted));
    }

    @ParameterizedTest
    @CsvSource({
        "0/9/RECORDED/0/1, 0/10/RECORDED/0/1",
        "0/9223372036854775806/RECORDED/0/1, 0/9223372036854775807/CALCULATED/0/1",
        "9/1/RECORDED/0/1, 10/1/RECORDED/0/1",
        "0/1/RECORDED/9/1, 0/1/RECORDED/10/1",
        "0/1/RECORDED/0/9, 0/1/RECORDED/0/10",
        "0/1/CALCULATED/5/9, 0/1/REPLAYED/0/1",
    })
    void ranksComparedAsTextsGiveTheSameOrder(String lower, String higher) {
        assertThat(position(lower).rank().text())
                .isLessThan(position(higher).rank().text());
        assertThat(position(lower).rank()).isLessThan(position(higher).rank());
    }

    @Test
    void aRankComesBackFromItsText() {
        Rank rank = position("3/181601/REPLAYED/2/9070").rank();
        assertThat(rank.text()).hasSize(Rank.TEXT_LENGTH);
        assertThat(Rank.parse(rank.text())).isEqualTo(rank);
    }

    @Test
    void whereNothingIsAnythingMayBe() {
        assertThat(Monotonic.judge(Optional.empty(), Position.start(NATUR, AT))).isEqualTo(Verdict.WRITTEN);
    }

    private static Position position(String text) {
        String[] part = text.split("/");
        long lastId = Long.parseLong(part[1]);
        return new Position(
                NATUR,
                Long.parseLong(part[0]),
                Integer.parseInt(part[3]),
                Long.parseLong(part[4]),
                Optional.empty(),
                Math.min(lastId, 1),
                lastId,
                Layer.REDIS,
                AT,
                Certainty.valueOf(part[2]),
                Optional.empty());
    }
}
