package io.tidemark.positions.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.positions.recovery.HealthHistory.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthHistoryTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void aChangeIsKeptAndWhatSaysTheSameIsDrawnTogether() {
        HealthHistory history = new HealthHistory();
        for (int second = 0; second < 10; second++) {
            history.add(sample(second, 100));
        }
        history.add(sample(10, 0));
        history.add(sample(11, 100));
        assertThat(history.samples()).containsExactly(sample(0, 100), sample(9, 100), sample(10, 0), sample(11, 100));
    }

    @Test
    void aNewProcessGoesOnFromWhatTheLastOneSawInTheLastHour() {
        HealthFile file = new HealthFile(folder.resolve("made/health-history"));
        List<Sample> seen = List.of(sample(-4_000, 20), sample(-60, 80), sample(-1, 100));
        file.write(seen);
        HealthHistory history = new HealthHistory();
        history.goOnFrom(new HealthFile(folder.resolve("made/health-history")).read(), NOW);
        assertThat(history.samples()).containsExactly(sample(-60, 80), sample(-1, 100));
    }

    @Test
    void whatIsNoHistoryIsLeftOut() throws Exception {
        Path file = folder.resolve("health-history");
        Files.writeString(file, "1795176000000 80\nnonsense\n1795176001000 100000\n1795176002000 250\n\u0000\n");
        assertThat(new HealthFile(file).read()).extracting(Sample::percent).containsExactly(80, 100);
        assertThat(new HealthFile(folder.resolve("none")).read()).isEmpty();
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThat(new HealthFile(link).read()).isEmpty();
    }

    private static Sample sample(int seconds, int percent) {
        return new Sample(NOW.plus(Duration.ofSeconds(seconds)), percent);
    }
}
