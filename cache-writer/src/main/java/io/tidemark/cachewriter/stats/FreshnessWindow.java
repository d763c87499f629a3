package io.tidemark.cachewriter.stats;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How long changes took from their commit until Redis had answered their write, over the last seconds. Thread-safe.
 *
 * <p>Both times come from clocks of different machines perhaps; a difference below zero counts as zero.
 */
public final class FreshnessWindow {
    private static final int SECONDS = 10;
    private static final long HIGHEST_MICROS = TimeUnit.HOURS.toMicros(24);

    private final Histogram[] seconds = new Histogram[SECONDS];
    private final long[] begins = new long[SECONDS];

    public FreshnessWindow() {
        for (int i = 0; i < SECONDS; i++) {
            seconds[i] = new Histogram(HIGHEST_MICROS, 2);
            begins[i] = Long.MIN_VALUE;
        }
    }

    /**
     * Takes in some changes that were answered now.
     *
     * @param nowMicros now, in microseconds since 1970-01-01 UTC
     * @param tookMicros how long they took
     * @param count how many changes
     */
    public synchronized void record(long nowMicros, long tookMicros, int count) {
        long second = TimeUnit.MICROSECONDS.toSeconds(nowMicros);
        int slot = (int) Math.floorMod(second, SECONDS);
        if (begins[slot] != second) {
            seconds[slot].reset();
            begins[slot] = second;
        }
        seconds[slot].recordValueWithCount(Math.max(0, Math.min(tookMicros, HIGHEST_MICROS)), count);
    }

    /** What the last ten seconds say. */
    public synchronized Freshness look(long nowMicros) {
        long second = TimeUnit.MICROSECONDS.toSeconds(nowMicros);
        Histogram sum = new Histogram(HIGHEST_MICROS, 2);
        for (int slot = 0; slot < SECONDS; slot++) {
            if (second - begins[slot] < SECONDS && begins[slot] <= second) {
                sum.add(seconds[slot]);
            }
        }
        return new Freshness(
                sum.getTotalCount(),
                millis(sum.getValueAtPercentile(50)),
                millis(sum.getValueAtPercentile(99)),
                millis(sum.getTotalCount() == 0 ? 0 : sum.getMaxValue()));
    }

    private static double millis(long micros) {
        return micros / 1_000.0;
    }

    /**
     * Freshness over the window.
     *
     * @param changes how many changes it is of; the rest is 0 when there were none
     * @param p50Millis half of them took at most this
     * @param p99Millis all but one in a hundred took at most this
     * @param maxMillis all took at most this
     */
    public record Freshness(long changes, double p50Millis, double p99Millis, double maxMillis) {}
}
