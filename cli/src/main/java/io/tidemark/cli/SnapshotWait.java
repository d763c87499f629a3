package io.tidemark.cli;

import io.tidemark.cli.api.Applied;
import io.tidemark.cli.api.FirstSnapshot;
import io.tidemark.cli.api.ServiceClient;
import io.tidemark.cli.screen.Numbers;
import io.tidemark.cli.screen.RowsBar;
import io.tidemark.cli.screen.Screen;
import io.tidemark.cli.stack.Stack;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Shows how the first snapshot goes until its rows are in Redis. */
final class SnapshotWait {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Stack stack;
    private final Screen screen;
    private final ServiceClient ingest;
    private final ServiceClient cacheWriter;

    SnapshotWait(Stack stack, Screen screen, ServiceClient ingest, ServiceClient cacheWriter) {
        this.stack = stack;
        this.screen = screen;
        this.ingest = ingest;
        this.cacheWriter = cacheWriter;
    }

    /** @param rows how many rows there are to read */
    void await(long rows) throws InterruptedException {
        long began = System.nanoTime();
        try (RowsBar bar = new RowsBar(screen, "First snapshot", rows)) {
            while (!isDone(rows, bar)) {
                stack.check();
                TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        screen.line(String.format(
                Locale.ROOT, "The first snapshot is in Redis: %s rows (%.1f s more)", Numbers.grouped(rows), seconds));
    }

    private boolean isDone(long rows, RowsBar bar) throws InterruptedException {
        Optional<FirstSnapshot> read = FirstSnapshot.of(ingest);
        Optional<Applied> applied = Applied.of(cacheWriter);
        bar.at(Math.min(
                read.map(FirstSnapshot::rows).orElse(0L),
                applied.map(Applied::changes).orElse(0L)));
        return read.map(FirstSnapshot::done).orElse(false)
                && applied.map(Applied::changes).orElse(0L) >= rows;
    }
}
