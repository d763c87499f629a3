package io.tidemark.cachewriter.jobs;

import io.tidemark.cachewriter.entries.EntriesException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does jobs one after the other, those that may take hours beside the others, and replays, which may wait for a person, beside
 * both; remembers the last ones until the service ends. Thread-safe; owns the threads {@code admin-jobs}, {@code admin-long-jobs}
 * and {@code admin-replays}.
 */
public final class Jobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
    private static final int REMEMBERED = 50;
    private static final int MOST_WAITING = 20;

    private final InstantSource clock;
    private final Deque<Job> jobs = new ArrayDeque<>();
    private final Map<Job.State, LongAdder> ended = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor thread = thread("admin-jobs");
    private final ThreadPoolExecutor longThread = thread("admin-long-jobs");
    // A replay may wait for hours until somebody lets it go on.
    private final ThreadPoolExecutor replayThread = thread("admin-replays");

    /** The work of a job; looks now and then whether the job is cancelled. */
    @FunctionalInterface
    public interface Work {
        void run(Job job) throws Exception;
    }

    public Jobs(InstantSource clock) {
        this.clock = clock;
    }

    private static ThreadPoolExecutor thread(String name) {
        return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
            Thread one = new Thread(task, name);
            one.setDaemon(true);
            return one;
        });
    }

    /**
     * Takes a job on.
     *
     * @throws RefusedException when too many wait already
     */
    public Job submit(String kind, Work work) {
        return submit(thread, newJob(kind), work);
    }

    /**
     * Takes a job on that may go on for hours, as at a gentle pace: one that is short does not wait for it.
     *
     * @throws RefusedException when too many wait already
     */
    public Job submitLong(String kind, Work work) {
        return submit(longThread, newJob(kind), work);
    }

    /**
     * Takes a replay on, beside the other jobs.
     *
     * @param id of nobody else
     * @throws RefusedException when too many wait already
     */
    public Job submitReplay(String kind, String id, Work work) {
        return submit(replayThread, new Job(id, kind, clock), work);
    }

    private Job newJob(String kind) {
        return new Job(UUID.randomUUID().toString().substring(0, 8), kind, clock);
    }

    private Job submit(ThreadPoolExecutor queue, Job job, Work work) {
        try {
            queue.execute(() -> {
                run(job, work);
                ended.computeIfAbsent(job.state(), state -> new LongAdder()).increment();
            });
        } catch (RejectedExecutionException full) {
            throw new RefusedException(
                    "", MOST_WAITING + " jobs wait already", "wait, or cancel one of GET /api/cache/jobs");
        }
        synchronized (jobs) {
            jobs.addFirst(job);
            if (jobs.size() > REMEMBERED) {
                jobs.removeLast();
            }
        }
        return job;
    }

    private static void run(Job job, Work work) {
        if (job.isCancelled()) {
            job.end(Job.State.CANCELLED, null);
            return;
        }
        job.begin();
        try {
            work.run(job);
            job.end(job.isCancelled() ? Job.State.CANCELLED : Job.State.DONE, null);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            job.end(Job.State.CANCELLED, "the service ends");
        } catch (RefusedException refused) {
            job.end(Job.State.FAILED, refused.getMessage() + ": " + refused.remedy());
            LOG.warn("job {} cannot be done: {}: {}", job.id(), refused.getMessage(), refused.remedy());
        } catch (EntriesException | java.sql.SQLException | PartAwayException away) {
            // What was done before is done under leases and fences, and may be done again.
            job.end(Job.State.FAILED, away.getMessage());
            LOG.warn("job {} ended early: {}", job.id(), away.getMessage());
        } catch (Exception unforeseen) {
            job.end(Job.State.FAILED, "BUG: " + unforeseen);
            LOG.error("BUG: job {} failed", job.id(), unforeseen);
        }
    }

    /** The job of that name, if it is still remembered. */
    public Optional<Job> job(String id) {
        return all().stream().filter(job -> job.id().equals(id)).findFirst();
    }

    /** The last jobs, newest first. */
    public List<Job> all() {
        synchronized (jobs) {
            return List.copyOf(jobs);
        }
    }

    /** How many of the jobs that are remembered stand so. */
    public long count(Job.State state) {
        return all().stream().filter(job -> job.state() == state).count();
    }

    /** How many jobs have ended so since the service began. */
    public long ended(Job.State how) {
        LongAdder count = ended.get(how);
        return count == null ? 0 : count.sum();
    }

    @Override
    public void close() {
        all().forEach(Job::stop);
        thread.shutdownNow();
        longThread.shutdownNow();
        replayThread.shutdownNow();
    }
}
