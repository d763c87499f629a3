package io.tidemark.reconciler.sampler;

/**
 * How right a cache was over a while, as far as a sample says.
 *
 * @param checked how many entries were looked at
 * @param wrong how many of them differed from the database and did not heal by themselves
 */
public record Figure(long checked, long wrong) {
    private static final double NORMAL_95 = 1.645;

    /** The share of entries that were right, 0 to 1; 1 when none was looked at. */
    public double share() {
        return checked == 0 ? 1 : 1 - (double) wrong / checked;
    }

    /**
     * How many nines that is, as 2 for 99 %: what can be said with 95 % certainty from so many entries. A sample without a wrong
     * one says three in as many at most (the rule of three), so nines grow with the sample.
     */
    public double nines() {
        if (checked == 0) {
            return 0;
        }
        // Byar's approximation of the upper bound of a Poisson count.
        double more = wrong + 1.0;
        double bound = more * Math.pow(1 - 1 / (9 * more) + NORMAL_95 / (3 * Math.sqrt(more)), 3);
        return Math.max(0, -Math.log10(Math.min(1, bound / checked)));
    }
}
