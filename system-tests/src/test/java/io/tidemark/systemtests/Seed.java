package io.tidemark.systemtests;

/** The seed of a run: a new one each time, or the one to replay, from the system property {@code tidemark.seed}. */
public final class Seed {

    private Seed() {}

    public static long ofThisRun(String test) {
        long seed = Long.getLong("tidemark.seed", System.nanoTime() & 0xFFFFFF);
        System.out.println(test + ": seed " + seed + " (replay with -Dtidemark.seed=" + seed + ")");
        return seed;
    }
}
