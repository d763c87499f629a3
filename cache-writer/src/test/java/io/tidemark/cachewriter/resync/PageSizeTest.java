package io.tidemark.cachewriter.resync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PageSizeTest {
    private final PageSize size = new PageSize();

    @Test
    void itGrowsFourfoldToTheMostWhileRowsAreSmall() {
        assertThat(size.rows()).isEqualTo(100);
        for (int expected : new int[] {400, 1_600, 2_000, 2_000}) {
            size.seen(size.rows(), 200L * size.rows());
            assertThat(size.rows()).isEqualTo(expected);
        }
    }

    @Test
    void aPageHoldsNoMoreThanTwoMegabytesAndOneRowAtLeast() {
        size.seen(100, 100L << 20);
        assertThat(size.rows()).isEqualTo(2);
        assertThat(size.isOfOneRow()).isFalse();
        size.seen(2, 100L << 20);
        assertThat(size.rows()).isEqualTo(1);
        assertThat(size.isOfOneRow()).isTrue();
    }

    @Test
    void aPageOfNoRowsSaysNothing() {
        size.seen(0, 0);
        assertThat(size.rows()).isEqualTo(100);
    }
}
