package io.tidemark.cachewriter.dependents;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How one cache that is read from the database is. Thread-safe. */
public final class RefreshStats {
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong queries = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile long waiting;
    private volatile @Nullable Instant lastRead;
    private volatile @Nullable String problem;

    void waiting(long members) {
        waiting = members;
    }

    void query() {
        queries.incrementAndGet();
    }

    void read(int entries, Instant at) {
        read.addAndGet(entries);
        lastRead = at;
    }

    void failed(String why) {
        failures.incrementAndGet();
        problem = why;
    }

    void refused(String why) {
        refused.incrementAndGet();
        problem = why;
    }

    void good() {
        problem = null;
    }

    /** How many entries were read. */
    public long entriesRead() {
        return read.get();
    }

    /** How many statements that took. */
    public long queries() {
        return queries.get();
    }

    /** How many statements failed. */
    public long failures() {
        return failures.get();
    }

    /** How many entries could not be, because they were too large or ambiguous. */
    public long refusals() {
        return refused.get();
    }

    /** How much is due and not read yet. */
    public long due() {
        return waiting;
    }

    /** When something was last read; null before the first time. */
    public @Nullable Instant lastRead() {
        return lastRead;
    }

    /** What is wrong now; null when nothing is. Without values of rows. */
    public @Nullable String problem() {
        return problem;
    }
}
