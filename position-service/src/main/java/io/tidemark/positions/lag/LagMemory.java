package io.tidemark.positions.lag;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/** Remembers reports: in memory, and on disk once a minute. Told by one thread; the history may be read by all. */
public final class LagMemory implements Consumer<LagReport> {
    private final LagHistory history = new LagHistory();
    private final LagFile file;

    /** @param file where the history lies between two runs */
    public LagMemory(Path file) {
        this.file = new LagFile(file, history);
    }

    /** Goes on from what an earlier process kept. */
    public void begin(Instant now) {
        file.read(now);
    }

    @Override
    public void accept(LagReport report) {
        Map<LagHistory.Series, LagHistory.Point> minute = history.add(report);
        if (!minute.isEmpty()) {
            file.append(minute, report.at());
        }
    }

    public LagHistory history() {
        return history;
    }
}
