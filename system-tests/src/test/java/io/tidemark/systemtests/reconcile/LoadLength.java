package io.tidemark.systemtests.reconcile;

import java.time.Duration;

/** How long the load lasts: two rounds by default, and then for ten minutes with {@code -Plong}. */
final class LoadLength {
    private static final Duration LONG = Duration.ofMinutes(Integer.getInteger("tidemark.reconcile.minutes", 0));
    private static final int ROUNDS = 2;

    private final long began = System.nanoTime();

    /** Whether it goes on for long, and then as fast as it can; else it leaves the processors to what is tested. */
    static boolean isLong() {
        return !LONG.isZero();
    }

    /** @param done how many rounds are over */
    boolean goesOn(int done) {
        return done < ROUNDS || System.nanoTime() - began < LONG.toNanos();
    }
}
