package io.tidemark.cachewriter.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleTest {

    @Test
    void whatIsWrittenIsReadAgain() {
        Sample sample = new Sample(1, 2, 3, 4, 5, 6, 999_999_999_999L);
        assertThat(sample.text()).isEqualTo("1 2 3 4 5 6 999999999999");
        assertThat(Sample.parse(sample.text())).contains(sample);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1 2 3", "1 2 3 4 5 6 7 8", "1 2 3 4 5 6 x", "-1 2 3 4 5 6 7", "1  2 3 4 5 6"})
    void whatSomebodyElseWroteIsNoSample(String text) {
        assertThat(Sample.parse(text)).isEmpty();
    }

    @Test
    void countsAreWhatCameSinceAndSizesWhatIsNow() {
        Sample before = new Sample(10, 20, 30, 40, 50, 60, 70);
        Sample after = new Sample(11, 22, 33, 44, 55, 6, 7);
        assertThat(after.beganAfter(before)).isFalse();
        assertThat(after.since(before)).isEqualTo(new Sample(1, 2, 3, 4, 5, 6, 7));
    }

    @Test
    void aCountThatWentBackHasBegunAnewAndIsNeverNegative() {
        Sample before = new Sample(1_000, 20, 0, 0, 0, 1, 1);
        Sample after = new Sample(7, 25, 0, 0, 0, 1, 1);
        assertThat(after.beganAfter(before)).isTrue();
        assertThat(after.since(before)).isEqualTo(after);
    }
}
