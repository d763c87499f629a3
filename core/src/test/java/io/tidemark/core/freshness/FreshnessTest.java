package io.tidemark.core.freshness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FreshnessTest {
    private final Freshness freshness = new Freshness(Set.of("a", "b"));

    @Test
    void nothingIsRightBeforeTheFirstProgress() {
        freshness.applied("a", 0, 100);

        assertThat(freshness.rightUpTo()).isNull();
        assertThat(freshness.isRightUpTo(0)).isFalse();
    }

    @Test
    void progressIsReachedOnlyWhenEveryPartitionOfEveryTopicHasPassedIt() {
        freshness.published(progress(1, 50, List.of(3L, 4L), List.of(5L)));

        freshness.applied("a", 0, 3);
        assertThat(freshness.isRightUpTo(50)).isFalse();
        freshness.applied("a", 1, 4);
        assertThat(freshness.isRightUpTo(50)).isFalse();
        freshness.applied("b", 0, 4);
        assertThat(freshness.isRightUpTo(50)).isFalse();
        freshness.applied("b", 0, 5);
        assertThat(freshness.isRightUpTo(50)).isTrue();
        assertThat(freshness.isRightUpTo(51)).isFalse();
    }

    @Test
    void partitionsWithoutRecordsHoldNothingBack() {
        freshness.published(progress(1, 50, List.of(0L, 0L), List.of(0L)));

        assertThat(freshness.isRightUpTo(50)).isTrue();
    }

    @Test
    void topicsOfOthersDoNotCount() {
        TreeMap<String, List<Long>> ends = new TreeMap<>();
        ends.put("elsewhere", List.of(9L));
        freshness.published(new Progress(1, 50, 0, ends));

        assertThat(freshness.isRightUpTo(50)).isTrue();
    }

    @Test
    void theNewestReachedProgressIsSaid() {
        for (long i = 1; i <= 10; i++) {
            freshness.published(progress(1, i * 10, List.of(i), List.of(0L)));
        }
        freshness.applied("a", 0, 7);

        assertThat(freshness.isRightUpTo(70)).isTrue();
        assertThat(freshness.isRightUpTo(71)).isFalse();
    }

    @Test
    void aNewEpochVoidsTheOldOne() {
        freshness.published(progress(1, 500, List.of(0L), List.of(0L)));
        assertThat(freshness.isRightUpTo(500)).isTrue();

        freshness.published(progress(2, 40, List.of(8L), List.of(0L)));
        assertThat(freshness.rightUpTo()).isNull();
        freshness.published(progress(1, 600, List.of(0L), List.of(0L)));
        assertThat(freshness.rightUpTo()).isNull();

        freshness.applied("a", 0, 8);
        assertThat(freshness.isRightUpTo(40)).isTrue();
        assertThat(freshness.isRightUpTo(41)).isFalse();
    }

    @Test
    void aRewoundGroupDoesNotTakeBackWhatRedisHolds() {
        freshness.published(progress(1, 50, List.of(5L), List.of(0L)));
        freshness.applied("a", 0, 5);
        freshness.applied("a", 0, 1);

        assertThat(freshness.isRightUpTo(50)).isTrue();
    }

    @Test
    void anEmptiedRedisIsRightAgainOnlyWhenEverythingWasAppliedOnceMore() {
        freshness.published(progress(1, 50, List.of(5L), List.of(0L)));
        freshness.applied("a", 0, 5);
        freshness.reset("a");
        freshness.applied("a", 0, 1);
        assertThat(freshness.rightUpTo()).isNull();

        freshness.applied("a", 0, 5);
        assertThat(freshness.isRightUpTo(50)).isTrue();
    }

    @Test
    void lsnsAboveTheSignedRangeAreCompared() {
        freshness.published(progress(1, -2, List.of(0L), List.of(0L)));

        assertThat(freshness.isRightUpTo(5)).isTrue();
        assertThat(freshness.isRightUpTo(-1)).isFalse();
    }

    @Test
    void aConsumerFarBehindDoesNotMakeItGrowAndNeverMakesItSayTooMuch() {
        for (long i = 1; i <= 100_000; i++) {
            freshness.published(progress(1, i, List.of(i), List.of(0L)));
        }
        freshness.applied("a", 0, 60_000);
        assertThat(freshness.isRightUpTo(60_001)).isFalse();
        assertThat(freshness.isRightUpTo(59_500)).isTrue();

        freshness.applied("a", 0, 100_000);
        assertThat(freshness.isRightUpTo(100_000)).isTrue();
    }

    private static Progress progress(int epoch, long lsn, List<Long> a, List<Long> b) {
        TreeMap<String, List<Long>> ends = new TreeMap<>();
        ends.put("a", a);
        ends.put("b", b);
        return new Progress(epoch, lsn, 1, ends);
    }
}
