package io.tidemark.core.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class VersionTest {

    /** Each line is lower than the next; every pair of lines is checked, as numbers and as text. */
    private static final List<Version> ASCENDING = List.of(
            Version.NONE,
            // The first snapshot, before any commit was streamed: no commit LSN yet.
            new Version(1, 0, 24_700_000, 1),
            new Version(1, 0, 24_710_000, 1),
            // Transaction B changed its rows after A did and committed before it. Row 1 was then read by an
            // incremental snapshot; only after that came A's commit, with lower event LSNs than all of these.
            new Version(1, 24_717_000, 24_716_600, 1),
            new Version(1, 24_717_488, 24_717_488, 1),
            new Version(1, 24_719_320, 24_716_504, 1),
            new Version(1, 24_719_320, 24_716_700, 1),
            // A changed primary key: a delete and a create with one sequence.
            new Version(1, 24_719_320, 24_716_900, 0),
            new Version(1, 24_719_320, 24_716_900, 1),
            // LSNs are unsigned, and longer than a double's 53 bits.
            new Version(1, 1L << 53, 1, 1),
            new Version(1, (1L << 53) + 1, 0, 1),
            new Version(1, Long.MAX_VALUE, 0, 1),
            new Version(1, Long.MIN_VALUE, 0, 1),
            new Version(1, -1, -1, 1),
            // A new life of the stream is newer, however low its LSNs.
            new Version(2, 0, 10, 1),
            new Version(10, 0, 0, 0),
            new Version(0xFFFF, 0, 0, 0));

    @Test
    void orderIsTotalAndTextOrderIsTheSame() {
        for (int i = 0; i < ASCENDING.size(); i++) {
            for (int j = 0; j < ASCENDING.size(); j++) {
                Version a = ASCENDING.get(i);
                Version b = ASCENDING.get(j);
                assertThat(Integer.signum(a.compareTo(b))).as("%s and %s", a, b).isEqualTo(Integer.compare(i, j));
                assertThat(Integer.signum(a.text().compareTo(b.text()))).isEqualTo(Integer.compare(i, j));
            }
        }
    }

    @Test
    void textIsReadBack() {
        assertThat(ASCENDING).allSatisfy(version -> {
            assertThat(version.text()).hasSize(Version.TEXT_LENGTH);
            assertThat(Version.parse(version.text())).isEqualTo(version);
        });
    }

    @Test
    void anythingElseIsRefused() {
        assertThatThrownBy(() -> Version.parse("24719320"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a version like 0001-");
        assertThatThrownBy(() -> new Version(70_000, 0, 0, 0)).hasMessageContaining("epoch");
    }
}
