package io.tidemark.reconciler.sampler;

/**
 * Counts what was looked at over the last while, in buckets of time; what is older than the while is forgotten. Not
 * thread-safe.
 */
final class Window {
    private final long bucketMillis;
    private final long[] bucketOf;
    private final long[] checked;
    private final long[] wrong;

    /** @param lengthMillis how long the while is; {@code buckets} divide it */
    Window(long lengthMillis, int buckets) {
        this.bucketMillis = lengthMillis / buckets;
        this.bucketOf = new long[buckets];
        this.checked = new long[buckets];
        this.wrong = new long[buckets];
    }

    void record(long nowMillis, long nowChecked, long nowWrong) {
        long bucket = nowMillis / bucketMillis;
        int at = (int) (bucket % bucketOf.length);
        if (bucketOf[at] != bucket) {
            bucketOf[at] = bucket;
            checked[at] = 0;
            wrong[at] = 0;
        }
        checked[at] += nowChecked;
        wrong[at] += nowWrong;
    }

    Figure figure(long nowMillis) {
        long newest = nowMillis / bucketMillis;
        long sumChecked = 0;
        long sumWrong = 0;
        for (int i = 0; i < bucketOf.length; i++) {
            if (bucketOf[i] > newest - bucketOf.length) {
                sumChecked += checked[i];
                sumWrong += wrong[i];
            }
        }
        return new Figure(sumChecked, sumWrong);
    }
}
