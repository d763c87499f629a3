package io.tidemark.systemtests.reconcile;

/** How long the load lasts: a few rounds by default, ten minutes' worth with {@code -Plong}. */
final class LoadLength {
    private LoadLength() {}

    /** Whether it goes on for long, and then as fast as it can; else it leaves the processors to what is tested. */
    static boolean isLong() {
        return rounds() > 10;
    }

    static int rounds() {
        return Integer.getInteger("tidemark.reconcile.rounds", 2);
    }
}
