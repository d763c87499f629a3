package io.tidemark.reconciler.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.core.document.Format;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {

    /** Entries are written value@version, - for no value, _ for no meta. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    # before | row | after | whole      | ttl
                    1@a      | 1   | 1@a   | CONSISTENT | CONSISTENT
                    1@a      | 2   | 2@b   | CONSISTENT | CONSISTENT
                    -@_      | 1   | 1@a   | CONSISTENT | CONSISTENT
                    1@a      | 2   | 1@a   | STALE      | STALE
                    1@_      | 2   | 1@_   | STALE      | STALE
                    1@a      | 2   | 3@b   | IN_FLIGHT  | IN_FLIGHT
                    1@a      | 2   | 1@b   | IN_FLIGHT  | IN_FLIGHT
                    1@a      | 2   | 3@a   | IN_FLIGHT  | IN_FLIGHT
                    -@_      | 1   | -@_   | MISSING    | NOT_KEPT
                    -@a      | 1   | -@a   | MISSING    | NOT_KEPT
                    1@a      | 1   | -@b   | IN_FLIGHT  | IN_FLIGHT
                    -@a      | 1   | -@b   | IN_FLIGHT  | IN_FLIGHT
                    1@_      | 1   | 1@_   | MISSING    | CONSISTENT
                    1@a      | -   | 1@a   | ORPHANED   | ORPHANED
                    1@_      | -   | 1@_   | ORPHANED   | ORPHANED
                    1@a      | -   | 2@b   | IN_FLIGHT  | IN_FLIGHT
                    1@a      | -   | -@b   | GONE       | GONE
                    -@_      | -   | -@_   | GONE       | GONE
                    """)
    void a_difference_is_drift_only_when_nothing_was_written_between_the_two_reads(
            String before, String row, String after, Verdict whole, Verdict ttl) {
        byte[] document = row.equals("-") ? null : row.getBytes(UTF_8);

        assertThat(Verdict.of(entry(before), document, entry(after), true, Format.JSON))
                .isEqualTo(whole);
        assertThat(Verdict.of(entry(before), document, entry(after), false, Format.JSON))
                .isEqualTo(ttl);
    }

    @Test
    void a_value_read_again_from_the_database_counts_as_written() {
        Entry before = new Entry("1".getBytes(UTF_8), "a", null);
        Entry after = new Entry("1".getBytes(UTF_8), "a", "00000000000000ff");

        assertThat(Verdict.of(before, "2".getBytes(UTF_8), after, true, Format.JSON))
                .isEqualTo(Verdict.IN_FLIGHT);
    }

    @Test
    void an_entry_does_not_show_its_value() {
        assertThat(new Entry("secret".getBytes(UTF_8), "a", null).toString()).doesNotContain("secret");
    }

    private static Entry entry(String text) {
        String[] parts = text.split("@");
        byte[] value = parts[0].equals("-") ? null : parts[0].getBytes(UTF_8);
        return new Entry(value, parts[1].equals("_") ? null : parts[1], null);
    }
}
