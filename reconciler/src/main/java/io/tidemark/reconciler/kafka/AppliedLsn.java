package io.tidemark.reconciler.kafka;

import io.tidemark.core.freshness.Progress;
import io.tidemark.reconciler.verify.Applied;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What is known of how far Redis is, and waiting for more. Thread-safe. */
public final class AppliedLsn implements Applied {
    private final long patienceNanos;
    private final LongSupplier nanoTime;
    private @Nullable Progress rightUpTo;
    private @Nullable Progress newest;
    private Set<String> lives = Set.of();
    private int waiting;

    /**
     * @param patience how long to wait while nothing moves at all
     * @param nanoTime as {@link System#nanoTime()}
     */
    public AppliedLsn(Duration patience, LongSupplier nanoTime) {
        this.patienceNanos = patience.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Takes in what is known now. */
    synchronized void known(@Nullable Progress applied, @Nullable Progress published) {
        rightUpTo = applied;
        newest = published;
        notifyAll();
    }

    /** The same, with the lives of Redis's data set that the committed offsets speak of. */
    synchronized void known(@Nullable Progress applied, @Nullable Progress published, Set<String> committedIn) {
        lives = Set.copyOf(committedIn);
        known(applied, published);
    }

    /** The lives of Redis's data set that the committed offsets speak of; more than one while cache-writer begins again. */
    public synchronized Set<String> lives() {
        return lives;
    }

    synchronized boolean isAwaited() {
        return waiting > 0;
    }

    /** The newest progress that Redis has reached; null when none is known. */
    public synchronized @Nullable Progress rightUpTo() {
        return rightUpTo;
    }

    /** The newest progress that was published; null when none is known. */
    public synchronized @Nullable Progress newest() {
        return newest;
    }

    @Override
    public synchronized void await(long lsn) throws InterruptedException, NotAppliedException {
        waiting++;
        try {
            long stoodSince = nanoTime.getAsLong();
            Progress last = rightUpTo;
            while (!isReached(lsn)) {
                wait(100);
                if (rightUpTo != null && !lsnEquals(rightUpTo, last)) {
                    last = rightUpTo;
                    stoodSince = nanoTime.getAsLong();
                }
                if (nanoTime.getAsLong() - stoodSince > patienceNanos) {
                    throw new NotAppliedException(standstill(lsn));
                }
            }
        } finally {
            waiting--;
        }
    }

    /**
     * Waits for at most so long until every change committed at or before an LSN is in Redis.
     *
     * @return whether it is
     */
    public synchronized boolean await(long lsn, Duration longest) throws InterruptedException {
        waiting++;
        try {
            long end = nanoTime.getAsLong() + longest.toNanos();
            while (!isReached(lsn)) {
                long left = end - nanoTime.getAsLong();
                if (left <= 0) {
                    return false;
                }
                wait(Math.max(1, Math.min(100, left / 1_000_000)));
            }
            return true;
        } finally {
            waiting--;
        }
    }

    private static boolean lsnEquals(Progress one, @Nullable Progress other) {
        return other != null && one.publishedLsn() == other.publishedLsn() && one.epoch() == other.epoch();
    }

    private boolean isReached(long lsn) {
        return rightUpTo != null && Long.compareUnsigned(rightUpTo.publishedLsn(), lsn) >= 0;
    }

    private String standstill(long lsn) {
        boolean isPublished = newest != null && Long.compareUnsigned(newest.publishedLsn(), lsn) >= 0;
        return "the changes up to LSN " + Lsn.text(lsn) + " were not in Redis after " + patienceNanos / 1_000_000_000
                + " s in which nothing moved (applied up to "
                + (rightUpTo == null ? "an unknown LSN" : Lsn.text(rightUpTo.publishedLsn())) + ", published up to "
                + (newest == null ? "an unknown LSN" : Lsn.text(newest.publishedLsn())) + "): see whether "
                + (isPublished
                        ? "cache-writer is running"
                        : "ingest-service is running, or the connector in its place");
    }
}
