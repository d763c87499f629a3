package io.tidemark.cli.shop;

/**
 * Spreads row changes evenly over time: says how long to wait before the next ones. What was not written while the
 * database was slow or away is not made up for in one burst: at most a fifth of a second of it is.
 *
 * <p>Time is a parameter, in nanoseconds of any one clock. Not thread-safe.
 */
public final class Pacer {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long MAXIMUM_BACKLOG_NANOS = 200_000_000;

    private final double nanosPerRow;
    private double dueAt;

    /** @param rowsPerSecond above 0 */
    public Pacer(double rowsPerSecond, long now) {
        if (!(rowsPerSecond > 0)) {
            throw new IllegalArgumentException("the rate must be above 0 rows a second; found " + rowsPerSecond);
        }
        this.nanosPerRow = NANOS_PER_SECOND / rowsPerSecond;
        this.dueAt = now;
    }

    /** How long to wait until the next change is due; 0 when it is. */
    public long nanosToWait(long now) {
        dueAt = Math.max(dueAt, now - MAXIMUM_BACKLOG_NANOS);
        return (long) Math.max(0, dueAt - now);
    }

    /** So many rows were handed out, or turned out to be more (fewer: negative) than was thought. */
    public void spend(long rows) {
        dueAt += rows * nanosPerRow;
    }
}
