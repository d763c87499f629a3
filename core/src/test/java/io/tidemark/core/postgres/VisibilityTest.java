package io.tidemark.core.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VisibilityTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10:20:10,14 |  9 | true",
                "10:20:10,14 | 10 | false",
                "10:20:10,14 | 11 | true",
                "10:20:10,14 | 14 | false",
                "10:20:10,14 | 19 | true",
                "10:20:10,14 | 20 | false",
                "10:20:10,14 | 21 | false",
                "10:10:      |  9 | true",
                "10:10:      | 10 | false",
                // The snapshot's ids are 64 bits wide and past 2^32; the change's has only the lower half.
                "4294967306:4294967316:4294967306 | 9  | true",
                "4294967306:4294967316:4294967306 | 10 | false",
                "4294967306:4294967316:4294967306 | 15 | true",
                "4294967306:4294967316:4294967306 | 20 | false",
                // A transaction from just before the lower half began anew.
                "4294967306:4294967316:4294967306 | 4294967290 | true",
                // Above the signed range.
                "4294967280:4294967290:4294967285 | 4294967281 | true",
                "4294967280:4294967290:4294967285 | 4294967285 | false",
                "4294967280:4294967290:4294967285 | 4294967295 | false"
            })
    void aTransactionIsSeenWhenTheSnapshotSaysSo(String snapshot, long transaction, boolean seen) {
        assertThat(Visibility.parse(snapshot.strip()).shows((int) transaction)).isEqualTo(seen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "10:20", "a:b:c", "10:20:x"})
    void whatIsNoSnapshotIsRefused(String text) {
        assertThatThrownBy(() -> Visibility.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ofTransactionsWithoutALaterOneNoneIsHidden() {
        assertThat(Visibility.parse("5:5:").shows(4)).isTrue();
    }
}
