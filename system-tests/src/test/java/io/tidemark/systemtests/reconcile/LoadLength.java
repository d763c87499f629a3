package io.tidemark.systemtests.reconcile;

/** How long the load lasts: a few rounds by default, ten minutes' worth with {@code -Plong}. */
final class LoadLength {
    private LoadLength() {}

    static int rounds() {
        return Integer.getInteger("tidemark.reconcile.rounds", 3);
    }
}
