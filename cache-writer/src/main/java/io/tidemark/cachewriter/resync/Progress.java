package io.tidemark.cachewriter.resync;

import io.tidemark.cachewriter.entries.Refreshed;
import io.tidemark.cachewriter.jobs.Job;
import io.tidemark.cachewriter.jobs.Pace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far the resync of one cache is. One thread. */
public final class Progress {
    private static final int MOST_REFUSALS = 3;

    private final Job job;
    private final Pace pace;
    private final Runnable alive;
    private final List<String> refusals = new ArrayList<>();
    private long rows;
    private long written;
    private long removed;
    private long overtaken;
    private long refused;
    private long asked;

    /** @param alive called now and then */
    Progress(Job job, Pace pace, Runnable alive) {
        this.job = job;
        this.pace = pace;
        this.alive = alive;
    }

    public boolean isCancelled() {
        return job.isCancelled();
    }

    /** How many of so many to do at once, so that a slow pace is even. */
    public int portion(int most) {
        return pace.portion(most);
    }

    /** About so many rows are to be read. */
    public void expect(long more) {
        job.expect(more);
    }

    /** Rows of the database were looked at, and their entries are right or being written; waits where the pace says so. */
    public void looked(long more) throws InterruptedException {
        rows += more;
        job.looked(more);
        alive.run();
        pace.after(more, job);
    }

    /** The database was asked for rows that a topic does not tell of; waits where the pace says so. */
    public void askedDatabase(long rowsAsked) throws InterruptedException {
        asked += rowsAsked;
        alive.run();
        pace.after(rowsAsked, job);
    }

    /** Entries were read again. */
    public void wrote(Refreshed refreshed) {
        written += refreshed.filled();
        removed += refreshed.removed();
        overtaken += refreshed.overtaken();
    }

    /** An entry cannot be, for this reason. */
    public void refused(String why) {
        refused++;
        if (refusals.size() < MOST_REFUSALS && !refusals.contains(why)) {
            refusals.add(why);
        }
    }

    long rows() {
        return rows;
    }

    long written() {
        return written;
    }

    long removed() {
        return removed;
    }

    long overtaken() {
        return overtaken;
    }

    long asked() {
        return asked;
    }

    /** Why entries cannot be; null when all can. */
    @Nullable
    String problem() {
        return refused == 0 ? null : refused + " entries cannot be: " + String.join("; ", refusals);
    }
}
