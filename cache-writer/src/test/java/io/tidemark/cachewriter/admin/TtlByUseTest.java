package io.tidemark.cachewriter.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.cachewriter.admin.TtlByUse.Wish;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Least 10 minutes, most 100, both here in minutes; entries that are asked for are asked for 8 times on average. */
class TtlByUseTest {
    private static final long MINUTE = 60_000;

    @ParameterizedTest
    @CsvSource({
        // asked, idle, left, room, wish
        "  8,   0,  20, true,  LONGER",
        " 80,  90,  20, true,  LONGER",
        " 80,   0,  20, false, AS_IT_IS",
        " 80,   0,  91, true,  AS_IT_IS",
        " 80,   0, 200, true,  AS_IT_IS",
        "  7,  90,  20, true,  AS_IT_IS",
        "  0,   0,  20, true,  AS_IT_IS",
        "  0,   9,  20, true,  AS_IT_IS",
        "  0,  10,  20, true,  SHORTER",
        "  0,  10,  20, false, SHORTER",
        "  0,  90,  10, true,  AS_IT_IS",
        "  0,  90,   5, true,  AS_IT_IS",
        "  1,  90,  20, true,  AS_IT_IS",
        "  0,  90, 200, true,  SHORTER",
    })
    void useDecides(double asked, long idle, long left, boolean room, Wish wish) {
        assertThat(rule(8, room).wish(asked, idle * MINUTE, left * MINUTE)).isEqualTo(wish);
    }

    @ParameterizedTest
    @CsvSource({"9, 0, -1", "9, 0, -2", "0, 6000000, -1", "0, 6000000, -2", "9, 0, 0"})
    void whatIsNotThereOrLivesForEverStaysAsItIs(double asked, long idleMillis, long leftMillis) {
        assertThat(rule(8, true).wish(asked, idleMillis, leftMillis)).isEqualTo(Wish.AS_IT_IS);
    }

    @ParameterizedTest
    @CsvSource({"0, AS_IT_IS", "1, LONGER"})
    void whereNothingWasCountedNothingIsLengthened(double asked, Wish wish) {
        assertThat(rule(0, true).wish(asked, 0, 20 * MINUTE)).isEqualTo(wish);
    }

    private static TtlByUse rule(double average, boolean room) {
        return new TtlByUse(10 * MINUTE, 100 * MINUTE, average, room);
    }
}
