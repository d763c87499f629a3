package io.tidemark.positions.budget.postgres;

import io.github.bucket4j.TimeMeter;
import java.time.Instant;

/**
 * The database's clock, kept from one look to the next by this machine's steady clock: instances whose own clocks
 * differ must not refill a bucket for each other. Thread-safe.
 */
final class DatabaseClock implements TimeMeter {
    private volatile long aheadNanos;

    /**
     * @param shown what the database's clock showed
     * @param askedNanos {@link System#nanoTime()} before it was asked
     */
    void seen(Instant shown, long askedNanos) {
        long shownNanos = Math.addExact(Math.multiplyExact(shown.getEpochSecond(), 1_000_000_000L), shown.getNano());
        aheadNanos = shownNanos - askedNanos;
    }

    @Override
    public long currentTimeNanos() {
        return System.nanoTime() + aheadNanos;
    }

    @Override
    public boolean isWallClockBased() {
        return true;
    }
}
