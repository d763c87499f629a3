package io.tidemark.benchmarks;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How long a benchmark waits for something before it gives up with words. Not thread-safe. */
final class Deadline {
    private final long end;
    private final String awaited;

    Deadline(Duration patience, String awaited) {
        this.end = System.nanoTime() + patience.toNanos();
        this.awaited = awaited;
    }

    /** Waits a moment before the next look; looking takes time from what is looked at. */
    void pause() throws InterruptedException {
        if (System.nanoTime() > end) {
            throw new IllegalStateException("waited too long for " + awaited);
        }
        TimeUnit.MILLISECONDS.sleep(100);
    }
}
