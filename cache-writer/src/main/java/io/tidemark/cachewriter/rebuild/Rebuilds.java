package io.tidemark.cachewriter.rebuild;

import io.tidemark.cachewriter.apply.Partition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which partitions have to be applied once more because Redis has lost what they said, and how far that is. Whoever polls says
 * what is lost, one other thread brings it back. Thread-safe.
 */
public final class Rebuilds {
    private final InstantSource clock;
    private final Map<Partition, Task> tasks = new LinkedHashMap<>();
    private @Nullable Instant began;
    private @Nullable Instant ended;
    private long expected;
    private long looked;
    private long records;
    private long written;
    private long rebuilt;
    private long recordsEver;
    private long writtenEver;

    public Rebuilds(InstantSource clock) {
        this.clock = clock;
    }

    /** One partition that is to be applied once more up to an offset. */
    public static final class Task {
        private final Partition partition;
        private final long to;
        private final String life;
        private volatile boolean dropped;
        private long expected;
        private long looked;

        private Task(Partition partition, long to, String life) {
            this.partition = partition;
            this.to = to;
            this.life = life;
        }

        public Partition partition() {
            return partition;
        }

        /** The offset after the last that is to be applied. */
        public long to() {
            return to;
        }

        /** The life of Redis's data set that it is for. */
        String life() {
            return life;
        }

        /** Whether it is somebody else's by now, or has begun anew. */
        public boolean isDropped() {
            return dropped;
        }
    }

    /**
     * How far the present or the last rebuild is.
     *
     * @param running whether one runs
     * @param partitions how many are left
     * @param offsets how many it has to go through
     * @param offsetsLeft how many of them are left
     * @param records how many it has read
     * @param written entries it has written
     * @param seconds how long it has taken
     */
    public record Progress(
            boolean running,
            int partitions,
            long offsets,
            long offsetsLeft,
            long records,
            long written,
            double seconds) {

        public int percent() {
            return running ? (int) (offsets == 0 ? 0 : Math.min(99, 100 * (offsets - offsetsLeft) / offsets)) : 100;
        }
    }

    /** From now on a partition has to be applied once more in this life of Redis's data set, up to an offset (not included). */
    public synchronized void begin(Partition partition, long to, String life) {
        drop(partition);
        if (tasks.isEmpty()) {
            began = clock.instant();
            ended = null;
            expected = 0;
            looked = 0;
            records = 0;
            written = 0;
        }
        tasks.put(partition, new Task(partition, to, life));
        notifyAll();
    }

    /** Somebody else looks after a partition now. */
    public synchronized void drop(Partition partition) {
        Task gone = tasks.remove(partition);
        if (gone != null) {
            gone.dropped = true;
            expected -= gone.expected;
            looked -= gone.looked;
            endIfNoneIsLeft();
        }
    }

    /** Whether a partition's past is still missing in Redis. */
    public synchronized boolean isLeft(Partition partition) {
        return tasks.containsKey(partition);
    }

    /** A partition that is left; waits up to so long for one. */
    synchronized @Nullable Task await(Duration patience) throws InterruptedException {
        if (tasks.isEmpty()) {
            wait(patience.toMillis());
        }
        return tasks.isEmpty() ? null : tasks.values().iterator().next();
    }

    /** How much there is to be gone through for a task. */
    synchronized void expect(Task task, long offsets) {
        if (!task.isDropped()) {
            expected += offsets - task.expected;
            looked -= task.looked;
            task.expected = offsets;
            task.looked = 0;
        }
    }

    synchronized void applied(Task task, long offsets, long recordsRead, long entriesWritten) {
        if (!task.isDropped()) {
            task.looked += offsets;
            looked += offsets;
            records += recordsRead;
            written += entriesWritten;
        }
        recordsEver += recordsRead;
        writtenEver += entriesWritten;
    }

    /** A task is done; answers whether it was the last. */
    synchronized boolean done(Task task) {
        if (task.isDropped()) {
            return false;
        }
        tasks.remove(task.partition());
        rebuilt++;
        return endIfNoneIsLeft();
    }

    private boolean endIfNoneIsLeft() {
        if (tasks.isEmpty()) {
            ended = clock.instant();
        }
        return tasks.isEmpty();
    }

    /** How far it is; null when there was none yet. */
    public synchronized @Nullable Progress progress() {
        Instant start = began;
        if (start == null) {
            return null;
        }
        Duration took = Duration.between(start, ended == null ? clock.instant() : ended);
        return new Progress(
                !tasks.isEmpty(), tasks.size(), expected, expected - looked, records, written, took.toMillis() / 1e3);
    }

    /** Partitions rebuilt since the service began. */
    public synchronized long partitionsEver() {
        return rebuilt;
    }

    /** Records read for it since the service began. */
    public synchronized long recordsEver() {
        return recordsEver;
    }

    /** Entries written by it since the service began. */
    public synchronized long writtenEver() {
        return writtenEver;
    }
}
