package io.tidemark.benchmarks;

/**
 * What one run measures.
 *
 * @param rows how many products the table has
 * @param rate changes a second while freshness is measured
 * @param updates how often every row is updated
 * @param seconds how long freshness is measured
 */
record BenchmarkOptions(int rows, int updates, int rate, int seconds) {

    static BenchmarkOptions parse(String[] arguments) {
        int rows = 1_000_000;
        int updates = 2;
        int rate = 1_000;
        int seconds = 60;
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw usage(arguments[i]);
            }
            int value = Integer.parseInt(arguments[i + 1]);
            switch (arguments[i]) {
                case "--rows" -> rows = value;
                case "--updates" -> updates = value;
                case "--rate" -> rate = value;
                case "--seconds" -> seconds = value;
                default -> throw usage(arguments[i]);
            }
        }
        return new BenchmarkOptions(rows, updates, rate, seconds);
    }

    private static IllegalArgumentException usage(String found) {
        return new IllegalArgumentException(
                "expected --rows N, --updates N, --rate N or --seconds N, each with its number; found " + found);
    }
}
