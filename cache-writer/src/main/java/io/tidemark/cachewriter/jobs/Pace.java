package io.tidemark.cachewriter.jobs;

import java.util.concurrent.TimeUnit;

/** Keeps work to so many rows a second, so that the database has time for others. One thread. */
public final class Pace {
    private static final long LONGEST_WAIT_MILLIS = 200;

    private final long perSecond;
    private final long began = System.nanoTime();
    private long done;

    /** @param perSecond 0 for as fast as it goes */
    public Pace(long perSecond) {
        this.perSecond = perSecond;
    }

    /** How many to do at once, so that a slow pace is even. */
    public int portion(int most) {
        return perSecond == 0 ? most : (int) Math.max(1, Math.min(most, perSecond / 5));
    }

    /** So much more was done; waits until more may be, or the job is cancelled. */
    public void after(long more, Job job) throws InterruptedException {
        done += more;
        while (perSecond > 0 && !job.isCancelled()) {
            long dueNanos = began + TimeUnit.SECONDS.toNanos(1) * done / perSecond;
            long left = TimeUnit.NANOSECONDS.toMillis(dueNanos - System.nanoTime());
            if (left <= 0) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(Math.min(left, LONGEST_WAIT_MILLIS));
        }
    }
}
