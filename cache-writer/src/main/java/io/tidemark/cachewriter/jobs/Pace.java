package io.tidemark.cachewriter.jobs;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps work to so many rows a second, so that the database has time for others. One thread. */
public final class Pace {
    private static final long LONGEST_WAIT_MILLIS = 200;

    /** A portion is at most what a fifth of a second may do, so that a slow pace is even. */
    private static final long PORTIONS_A_SECOND = 5;

    private final long largest;
    private final @Nullable Bucket rows;

    /** @param perSecond 0 for as fast as it goes */
    public Pace(long perSecond) {
        this.largest = Math.max(1, perSecond / PORTIONS_A_SECOND);
        this.rows = perSecond == 0
                ? null
                : Bucket.builder()
                        .addLimit(limit -> limit.capacity(largest)
                                .refillGreedy(perSecond, Duration.ofSeconds(1))
                                .initialTokens(0))
                        .build();
    }

    /** How many to do at once. */
    public int portion(int most) {
        return rows == null ? most : (int) Math.min(most, largest);
    }

    /** So much more was done; waits until more may be, or the job is cancelled. */
    public void after(long more, Job job) throws InterruptedException {
        for (long left = rows == null ? 0 : more; left > 0; left -= largest) {
            take(Math.min(left, largest), job);
        }
    }

    private void take(long tokens, Job job) throws InterruptedException {
        while (rows != null && job.mayGoOn()) {
            ConsumptionProbe probe = rows.tryConsumeAndReturnRemaining(tokens);
            if (probe.isConsumed()) {
                return;
            }
            long wait = TimeUnit.NANOSECONDS.toMillis(probe.getNanosToWaitForRefill()) + 1;
            TimeUnit.MILLISECONDS.sleep(Math.min(wait, LONGEST_WAIT_MILLIS));
        }
    }
}
