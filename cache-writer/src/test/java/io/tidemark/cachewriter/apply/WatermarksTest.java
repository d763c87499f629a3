package io.tidemark.cachewriter.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatermarksTest {
    private static final Partition A = new Partition("t", 0);
    private static final Partition B = new Partition("t", 1);

    @ParameterizedTest(name = "{0} unfinished: commit {1} and {2}")
    @CsvSource({
        // unfinished, commit of A (records 10 to 12), commit of B (records 5 and 9)
        "'',          13, 10",
        "a10,         10, 10",
        "a11,         11, 10",
        "a12 a11,     11, 10",
        "b9,          13,  9",
        "b5 b9 a12,   12,  5",
    })
    void everythingBeforeTheFirstUnfinishedRecordMayBeCommitted(String unfinished, long commitA, long commitB) {
        Watermarks marks = new Watermarks();
        for (long offset : new long[] {10, 11, 12}) {
            marks.seen(A, offset);
        }
        marks.seen(B, 5);
        marks.seen(B, 9);
        for (String one : unfinished.isEmpty() ? new String[0] : unfinished.split(" ")) {
            marks.unfinished(one.startsWith("a") ? A : B, Long.parseLong(one.substring(1)));
        }

        BatchOutcome outcome = marks.outcome();

        assertThat(outcome.commit()).isEqualTo(Map.of(A, commitA, B, commitB));
        assertThat(outcome.again().keySet())
                .allMatch(partition ->
                        outcome.again().get(partition).equals(outcome.commit().get(partition)));
        assertThat(outcome.again().containsKey(A)).isEqualTo(unfinished.contains("a"));
        assertThat(outcome.again().containsKey(B)).isEqualTo(unfinished.contains("b"));
    }
}
