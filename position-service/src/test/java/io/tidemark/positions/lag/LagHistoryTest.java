package io.tidemark.positions.lag;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.positions.lag.LagHistory.Point;
import io.tidemark.positions.lag.LagHistory.Series;
import io.tidemark.positions.lag.LagReport.Behind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LagHistoryTest {
    private static final Instant BEGIN = Instant.parse("2026-11-21T10:00:30Z");
    private static final Series GROUP = new Series("g\t1", "");
    private static final Series TOPIC = new Series("g\t1", "t");

    @TempDir
    private Path directory;

    @Test
    void theWorstOfAMinuteIsKept() {
        LagHistory history = new LagHistory();
        history.add(report(BEGIN, 5, LagState.OK));
        history.add(report(BEGIN.plusSeconds(10), 900, LagState.WARNING));
        history.add(report(BEGIN.plusSeconds(20), 0, LagState.OK));
        Point minute = new Point(Instant.parse("2026-11-21T10:00:00Z"), 900, 90, LagState.WARNING);
        assertThat(history.points(TOPIC, Instant.EPOCH)).as("so far").containsExactly(minute);
        assertThat(history.add(report(BEGIN.plusSeconds(30), 0, LagState.OK))).containsEntry(GROUP, minute);
        assertThat(history.points(GROUP, Instant.EPOCH)).hasSize(2).first().isEqualTo(minute);
    }

    @Test
    void threeDaysAreKeptInFewPointsAndOnTheDisk() throws Exception {
        Path file = directory.resolve("a").resolve("lag");
        LagMemory memory = new LagMemory(file);
        memory.begin(BEGIN);
        int minutes = 80 * 60;
        for (int minute = 0; minute <= minutes; minute++) {
            memory.accept(report(BEGIN.plus(Duration.ofMinutes(minute)), minute, LagState.OK));
        }
        Instant now = BEGIN.plus(Duration.ofMinutes(minutes));
        List<Point> points = memory.history().points(GROUP, Instant.EPOCH);
        assertThat(points.size()).isBetween(580, 620);
        assertThat(points.get(0).at()).isBetween(now.minus(Duration.ofHours(73)), now.minus(Duration.ofHours(71)));
        assertThat(points).extracting(Point::records).isSorted();
        assertThat(Files.size(file)).isLessThan(200_000);

        Files.writeString(file, "not ours\n1\t2\t3\n", java.nio.file.StandardOpenOption.APPEND);
        LagMemory next = new LagMemory(file);
        next.begin(now);
        // The first ten minutes may just be over, and the last minute was not.
        List<Point> sure = points.subList(1, points.size() - 1);
        List<Point> read = next.history().points(GROUP, Instant.EPOCH);
        assertThat(read.subList(read.size() - sure.size(), read.size())).isEqualTo(sure);
    }

    @Test
    void aClusterOfManyGroupsFillsNoMemory() {
        LagHistory history = new LagHistory();
        List<LagReport.Group> groups = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            groups.add(new LagReport.Group("g" + i, LagState.OK, "Stable", 1, Behind.NONE, List.of()));
        }
        history.add(new LagReport(BEGIN, Duration.ZERO, Duration.ZERO, groups));
        history.add(new LagReport(BEGIN.plusSeconds(60), Duration.ZERO, Duration.ZERO, groups));
        assertThat(history.all()).hasSize(LagHistory.MOST_SERIES);
    }

    private static LagReport report(Instant at, long records, LagState state) {
        Behind behind = new Behind(records, records / 10.0, false, null, 0, 0);
        LagReport.Topic topic = new LagReport.Topic("t", null, state, behind, List.of());
        return new LagReport(
                at,
                Duration.ZERO,
                Duration.ofMinutes(1),
                List.of(new LagReport.Group("g\t1", state, "Stable", 1, behind, List.of(topic))));
    }
}
