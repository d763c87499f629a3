package io.tidemark.ingest;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How many a second, over the last whole {@value #SECONDS} seconds. Thread-safe. */
final class Rate {
    private static final int SECONDS = 5;

    private final LongSupplier nanoTime;
    private final long[] counts = new long[SECONDS + 1];
    private final long[] seconds = new long[SECONDS + 1];

    Rate(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void add(long count) {
        long second = second();
        int slot = slot(second);
        if (seconds[slot] != second) {
            seconds[slot] = second;
            counts[slot] = 0;
        }
        counts[slot] += count;
    }

    synchronized double perSecond() {
        long now = second();
        long sum = 0;
        for (int slot = 0; slot < counts.length; slot++) {
            if (seconds[slot] < now && seconds[slot] >= now - SECONDS) {
                sum += counts[slot];
            }
        }
        return (double) sum / SECONDS;
    }

    private long second() {
        return TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong());
    }

    private static int slot(long second) {
        return (int) Math.floorMod(second, (long) SECONDS + 1);
    }
}
