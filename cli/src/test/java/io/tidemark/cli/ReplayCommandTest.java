package io.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class ReplayCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void aDryRunSaysWhatWouldChangeAlsoWhenThatIsNothing() throws Exception {
        String nothing = ReplayCommand.text(JSON.readTree("""
                {"state": "done", "id": "1f0c22ab", "duration_ms": 40, "counts": {}}"""), true);
        assertThat(nothing)
                .contains(
                        "Nothing was changed. Without --dry-run 0 entries would be written, 0 deleted and 0 read again",
                        "would refuse 0 of 0 records.");

        String something = ReplayCommand.text(JSON.readTree("""
                {"state": "done", "id": "1f0c22ab", "duration_ms": 40,
                 "counts": {"records": 1200, "refused_by_fences": 1195, "would_write": 4, "would_delete": 1}}"""), true);
        assertThat(something).contains("4 entries would be written, 1 deleted", "would refuse 1,195 of 1,200 records.");
    }

    @Test
    void entriesWhoseDeleteIsGoneAreNamed() throws Exception {
        assertThat(ReplayCommand.text(JSON.readTree("""
                {"state": "done", "id": "1f0c22ab", "duration_ms": 40, "counts": {"records": 3},
                 "deletes_dropped_examples": ["product:7", "product:9"]}"""), false))
                .contains("whose delete Kafka has dropped, among them:\n  product:7\n  product:9")
                .doesNotContain("Nothing was changed");
    }
}
